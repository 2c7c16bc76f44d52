"""Known texts that a template language would read come out of it as they went in."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mailweave.export.languages import NEVER_ESCAPED, RAW, written
from mailweave.message.cut_mail import Pieces, Sheet
from tests.export.engines import ROOT, merged

CASES: list[dict[str, Any]] = tomllib.loads(
    (ROOT / "fixtures/export/signs.toml").read_text(encoding="utf-8")
)["cases"]
GIVEN = ("<b>Jo & Ann</b>", "plain", "", "{{x}} {{{ }}} \\{{ & <i>")
ENGINES = ("handlebars", "mustache", "ses")


def both_ways(engine: str, sheets: list[Sheet]) -> list[tuple[str, str]]:
    """What an engine makes of the HTML of each sheet, and what is sent."""
    language = NEVER_ESCAPED if engine == "ses" else RAW
    parts = [written(sheet, language) for sheet in sheets]
    templates = {str(number): {"html": one.html} for number, one in enumerate(parts)}
    lines = [{"template": str(number), "values": one.asked.values(GIVEN)} for number, one in enumerate(parts)]
    made = merged(engine, templates, lines)
    return [(one["html"], sheet.filled(GIVEN)[0]) for one, sheet in zip(made, sheets, strict=True)]


def sheet(pieces: list[str | int]) -> Sheet:
    return Sheet(tuple(pieces), (), None)


@pytest.mark.parametrize("engine", ENGINES)
def test_known_texts_survive(engine: str) -> None:
    found = both_ways(engine, [sheet(case["pieces"]) for case in CASES])
    assert {case["name"]: made for case, (made, sent) in zip(CASES, found, strict=True) if made != sent} == {}


QUICK = (Phase.explicit, Phase.reuse, Phase.generate)  # what fails is one of many: nothing to shrink
PIECES = st.lists(st.one_of(st.text("{}\\a ~#/!&\n", max_size=6), st.integers(0, 3)), max_size=6)


def of_random_texts(engine: str, drawn: list[list[str | int]]) -> None:
    """Texts that follow each other are one, as in the sheets of mails."""
    for made, sent in both_ways(engine, [sheet(_joined(pieces)) for pieces in drawn]):
        assert made == sent


def _joined(pieces: list[str | int]) -> list[str | int]:
    made: list[str | int] = []
    for piece in pieces:
        if isinstance(piece, str) and made and isinstance(made[-1], str):
            made[-1] += piece
        else:
            made.append(piece)
    return made


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=3, deadline=None, phases=QUICK)
@given(drawn=st.lists(PIECES, min_size=100, max_size=200))
def test_random_texts_survive(engine: str, drawn: list[list[str | int]]) -> None:
    of_random_texts(engine, drawn)


@pytest.mark.deep
@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=60, deadline=None, phases=QUICK)
@given(drawn=st.lists(PIECES, min_size=100, max_size=200))
def test_many_random_texts_survive(engine: str, drawn: list[list[str | int]]) -> None:
    of_random_texts(engine, drawn)


def test_what_no_language_reads_stays_text() -> None:
    pieces: Pieces = ("@media x{.a{b:c}}", 0, " \\ d")
    assert written(Sheet(pieces, (), None), RAW).html == "@media x{.a{b:c{{{s0}}}{{{v0}}} \\ d"


def test_the_values_of_a_part_that_is_left_out_are_left_out() -> None:
    both = Sheet(("a", 0), (1,), ("b", 2, "{{"))
    assert written(both, RAW, amp=False).asked.values(GIVEN) == {"v0": GIVEN[0], "v1": GIVEN[1]}
    assert written(both, RAW).asked.values(GIVEN) == {
        "v0": GIVEN[0],
        "v1": GIVEN[1],
        "v2": GIVEN[2],
        "s0": "{{",
    }
