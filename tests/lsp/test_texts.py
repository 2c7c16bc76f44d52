"""Places in UTF-16 units, judged by Python's own encoder."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as t

from mailweave.lsp.texts import Text, units
from mailweave.source import Span

TEXTS = st.text(alphabet="ab \n\r\u2028\f\u00e9\u20ac\U0001f600\U0001f1ea", max_size=60)


def _encoded(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(TEXTS)
def test_every_offset_has_a_place_and_every_place_its_offset(typed: str) -> None:
    text = Text(typed)
    for offset in range(len(text.text) + 1):
        place = text.position(offset)
        before = text.text[:offset]
        assert place.line == before.count("\n")
        assert place.character == _encoded(before.rpartition("\n")[2])
        assert text.offset(place) == offset


@given(TEXTS, st.data())
def test_a_change_lands_where_an_editor_that_counts_in_utf_16_puts_it(
    typed: str, data: st.DataObject
) -> None:
    text = Text(typed)
    start = data.draw(st.integers(0, len(text.text)))
    stop = data.draw(st.integers(start, len(text.text)))
    new = data.draw(TEXTS)
    change = t.TextDocumentContentChangePartial(range=text.range(Span(start, stop)), text=new)
    raw = text.text.encode("utf-16-le")
    at, to = (2 * _encoded(text.text[:end]) for end in (start, stop))
    expected = (raw[:at] + new.encode("utf-16-le") + raw[to:]).decode("utf-16-le")
    assert text.changed(change).text == Text(expected).text


def test_a_place_beyond_a_line_is_its_end_and_half_a_character_is_its_start() -> None:
    text = Text("\U0001f600b\ncd")
    assert text.offset(t.Position(0, 99)) == 2
    assert text.offset(t.Position(1, 99)) == 5
    assert text.offset(t.Position(7, 0)) == 5
    assert text.offset(t.Position(0, 1)) == 0
    assert units("\U0001f600b") == 3
