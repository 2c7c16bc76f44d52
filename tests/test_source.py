"""Places are those of the file that the author wrote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailweave.source import Source, Span, joined


@given(st.text(alphabet="ab\n\r\t\u2028é", max_size=60), st.data())
def test_locate_counts_as_a_reader_does(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    location = Source("f", text).locate(at)
    before = text[:at]
    assert location.line == before.count("\n") + 1
    assert location.column == at - (before.rfind("\n") + 1) + 1


@given(st.text(alphabet="ab\n", max_size=40), st.data())
def test_a_part_of_a_part_reports_places_of_the_file(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    whole = Source("f", text)
    part = whole.part(Span(start, stop))
    inner = data.draw(st.integers(0, stop - start))
    rest = part.part(Span(inner, stop - start))
    assert rest.locate(0) == whole.locate(start + inner)


@given(st.lists(st.text(alphabet="ab\n", max_size=20), min_size=1, max_size=4), st.data())
def test_joined_files_keep_their_places(texts: list[str], data: st.DataObject) -> None:
    sources = [Source(f"f{i}", text) for i, text in enumerate(texts)]
    whole = joined(sources)
    which = data.draw(st.integers(0, len(texts) - 1))
    starts = [start for start, _ in whole.pieces] or [0]
    if not texts[which]:
        return
    at = data.draw(st.integers(0, len(texts[which]) - 1))
    assert whole.locate(starts[which] + at) == sources[which].locate(at)
