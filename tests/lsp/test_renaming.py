"""Renames: what is written, and what is refused (fixtures/lsp/renames.toml); mails stay what they were."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave import Email, Environment
from mailweave.diagnostics import Diagnostic
from mailweave.lsp.checking import objection
from mailweave.lsp.desk import Desk
from mailweave.lsp.mentions import Symbol
from mailweave.lsp.renaming import Rename, edited, renamed

ROOT = Path(__file__).resolve().parents[2]
CASES = tomllib.loads((ROOT / "fixtures" / "lsp" / "renames.toml").read_text(encoding="utf-8"))["case"]


def asked(case: dict[str, Any], desk: Desk, folder: Path) -> Rename | Diagnostic:
    """What a case asks for, of a copy of the examples."""
    put = case.get("put")
    if put is not None:
        text = (folder / put["file"]).read_text(encoding="utf-8")
        assert put["old"] in text
        desk.open(str(folder / put["file"]), text.replace(put["old"], put["new"], 1))
    path = str(folder / case["file"])
    unit = desk.unit(path)
    offset = desk.text(path).text.index(case["at"].replace("‸", "")) + case["at"].index("‸")
    mention = desk.index(unit).at(path, offset)
    assert mention is not None
    return renamed(desk.index(unit), unit, mention.symbol, case["new"])


@pytest.mark.parametrize("case", CASES, ids=[f"{c['at'].split('‸')[-1][:20]}-{c['new']}" for c in CASES])
def test_a_rename_is_whole_or_refused(case: dict[str, Any], tmp_path: Path) -> None:
    folder = (tmp_path / "examples").resolve()
    shutil.copytree(ROOT / "examples" / case["file"].split("/")[0], folder / case["file"].split("/")[0])
    desk = Desk()
    made = asked(case, desk, folder)
    if isinstance(made, Diagnostic):
        assert made.code == case["refused"]
        assert case["why"] in made.message
        return
    why = objection(made.proof)
    if "refused" in case:
        assert case["refused"] == "MW679"
        assert case["why"] in why
        return
    assert why == ""
    assert sorted({Path(one.path).name for one in made.edits}) == case["written"]


@pytest.mark.parametrize(
    ("example", "most"),
    [
        ("start", 3),
        pytest.param("start", 99, marks=pytest.mark.deep),
        pytest.param("newsletter", 99, marks=pytest.mark.deep),
    ],
)
def test_after_every_rename_that_is_made_everybody_gets_the_same_mail(
    example: str, most: int, tmp_path: Path
) -> None:
    """The judge is the engine, which is asked for whole mails: nothing of them may hang on what things are called."""
    folder = (tmp_path / example).resolve()
    shutil.copytree(ROOT / "examples" / example, folder)
    before, desk = mails(folder), Desk()
    assert len(before) > 2
    index = desk.index(str(folder))
    symbols = [symbol for symbol, place in index.declared.items() if place.file.own]
    done = 0
    for symbol in symbols:
        made = renamed(index, str(folder), symbol, f"{symbol.name}_x")
        if isinstance(made, Diagnostic) or objection(made.proof):
            continue
        assert _judged(folder, made, tmp_path / f"{done}") == before, symbol
        done += 1
        if done == most:
            return
    assert done > 8


def _judged(folder: Path, made: Rename, copy: Path) -> dict[str, Any]:
    shutil.copytree(folder, copy)
    texts = {path: Path(path).read_text(encoding="utf-8") for path in {one.path for one in made.edits}}
    for path, text in edited(texts, made.edits).items():
        (copy / Path(path).relative_to(folder)).write_text(text, encoding="utf-8")
    return mails(copy)


def mails(folder: Path) -> dict[str, Any]:
    """What every recipient of a campaign's folder gets."""
    campaign = Environment().compile(folder)
    told: dict[str, Any] = {}
    for file in sorted((folder / "recipients").glob("*.json")):
        data = json.loads(file.read_text(encoding="utf-8"))
        events = data.pop("events", ())
        data.pop("now", None)
        mail = campaign.render(data.get("profile", data), events=events)
        told[file.name] = (mail.subject, mail.html, mail.text) if isinstance(mail, Email) else str(mail)
    return told


def test_a_name_of_a_let_can_stand_in_a_member_of_an_enum(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text(
        "profile {\n  id : key\n  plan : enum(free, gold)\n}\nsegment rich = plan == gold\nlet cheap = plan == free\n",
        encoding="utf-8",
    )
    unit = str((tmp_path / "a.rules").resolve())
    made = renamed(Desk().index(unit), unit, Symbol("value", "cheap"), "gold")
    assert isinstance(made, Diagnostic)
    assert made.code == "MW680"
    assert "member of an enum" in made.message


def test_templates_of_mjml_are_renamed_too(tmp_path: Path) -> None:
    folder = (tmp_path / "shop").resolve()
    shutil.copytree(ROOT / "fixtures" / "mjml" / "shop", folder)
    case = {"file": "blocks/hero/block.mjml", "at": "block.‸heading", "new": "title"}
    made = asked(case, Desk(), folder)
    assert isinstance(made, Rename)
    assert objection(made.proof) == ""
    assert {Path(one.path).name for one in made.edits} >= {"block.mjml", "block.toml"}
