"""The drawing of `mailweave prove --picture`: what it says is so, and it can be read without seeing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest
from click.testing import CliRunner
from tests.prove.plants import program
from tests.prove.recipients import crowd

from mailweave.cli.prove import command as prove
from mailweave.prove.overlaps import MOST, Overlaps, overlaps
from mailweave.prove.picture import picture
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.checker import check
from mailweave.rules.parser import parse
from mailweave.rules.prover.prover import Prover
from mailweave.source import Source

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "pictures"
RULES = FOLDER / "segments.rules"
SVG = "{http://www.w3.org/2000/svg}"


def checked(text: str) -> CheckedDocument:
    document = check(parse(Source("segments.rules", text)).document, proofs=False).document
    assert document is not None
    return document


@pytest.fixture(scope="module")
def found() -> Overlaps:
    document = checked(RULES.read_text(encoding="utf-8"))
    return overlaps(document, Prover(document, with_smt=False))


def test_the_drawing(found: Overlaps, golden: Callable[[Path, str], None]) -> None:
    golden(FOLDER / "segments.svg", picture(found, "segments"))


def test_every_relation_is_so_of_a_crowd(found: Overlaps) -> None:
    """No recipient of a small world contradicts what is drawn, and each overlap is shown by somebody."""
    text = RULES.read_text(encoding="utf-8")
    compiled = program(text)
    members = [
        compiled.program.evaluate(who.profile, events=who.events, now=who.now).segments
        for who in crowd(text, compiled.program.schema)
    ]
    for (one, other), how in found.relations.items():
        both = any({one, other} <= inside for inside in members)
        alone = any(one in inside and other not in inside for inside in members)
        assert not (how == "apart" and both), (one, other)
        assert not (how in ("inside", "equal") and alone), (one, other)
        if how == "overlap":
            assert found.witnesses[one, other] > 0, (one, other)


def test_what_is_planted_is_drawn(found: Overlaps) -> None:
    assert found.relations["regulars", "buyers"] == "inside"
    assert found.relations["buyers", "regulars"] == "around"
    assert found.relations["members", "paying"] == "equal"
    assert found.relations["american", "british"] == "apart"
    assert found.relations["lively", "lost"] == "apart"
    assert found.relations["buyers", "lively"] == "overlap"


def test_it_is_read_without_seeing_it(found: Overlaps) -> None:
    """Title, description and roles are there, each cell says in words what it shows, and nothing is loaded."""
    text = picture(found, "segments & more")
    root = Tree.fromstring(text)
    ids = {each.get("id"): each.text or "" for each in root.iter() if each.get("id")}
    title, desc = (ids[name] for name in str(root.get("aria-labelledby")).split())
    assert title.endswith("segments & more lie to each other")
    assert "regulars lies inside buyers." in desc
    roles = [each.get("role") for each in root.iter() if each.get("role")]
    count = len(found.segments)
    assert roles.count("columnheader") == roles.count("rowheader") == count
    assert roles.count("row") == count + 1
    cells = [each for each in root.iter(f"{SVG}g") if each.get("role") == "cell"]
    assert len(cells) == count**2
    assert all(cell.findtext(f"{SVG}title") for cell in cells)
    assert not [
        each.tag for each in root.iter() if each.tag in (f"{SVG}image", f"{SVG}style", f"{SVG}script")
    ]
    assert not [key for each in root.iter() for key in each.attrib if "href" in key]
    assert text.count("http") == text.count('xmlns="http://www.w3.org/2000/svg"')


def test_without_segments_it_is_a_legend() -> None:
    document = checked("profile {\n  orders : int\n}\n")
    root = Tree.fromstring(picture(overlaps(document, Prover(document, with_smt=False)), "none"))
    assert [e.get("role") for e in root.iter()].count("cell") == 0


def test_undecided_is_drawn_as_undecided() -> None:
    text = 'profile {\n  name : text\n}\nsegment a = name contains "ab"\nsegment b = name matches "a*"\n'
    document = checked(text)
    drawn = overlaps(document, Prover(document, with_smt=False))
    assert drawn.relations["a", "b"] in ("overlap", "undecided")
    assert "inside" not in drawn.relations.values()


def test_the_verb_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "out.svg"
    result = CliRunner().invoke(prove, [str(RULES), "--picture", str(file)])
    assert "MW906" in result.output
    assert Tree.fromstring(file.read_text(encoding="utf-8")).tag == f"{SVG}svg"


def test_one_text_is_drawn(tmp_path: Path) -> None:
    result = CliRunner().invoke(prove, [str(RULES), str(FOLDER.parent / "proofs"), "--picture", "x.svg"])
    assert result.exit_code == 2
    assert "--picture draws one rule text" in result.output


def test_too_many_segments_are_refused(tmp_path: Path) -> None:
    rules, file = tmp_path / "many.rules", tmp_path / "out.svg"
    names = (f"segment s{at} = orders == {at}\n" for at in range(MOST + 1))
    rules.write_text("profile {\n  orders : int\n}\n" + "".join(names), encoding="utf-8")
    from mailweave.cli import prove as verb

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(verb, "_prove", lambda *_: ())
        result = CliRunner().invoke(prove, [str(rules), "--picture", str(file)])
    assert result.exit_code == 1
    assert f"a picture holds {MOST} segments" in result.output
    assert not file.exists()
