"""The table of codes and the cases that raise them: none is promised and raised nowhere."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from mailweave.diagnostics.table import TABLE, diagnose

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {".py", ".txt", ".toml", ".json", ".jsonl", ".md"}
WITHOUT_A_CASE = {
    "MW021": "needs a list on disk",
    "MW503": "needs a page of which the parser drops something; none is known",
    "MW702": "the official validator's warnings",
}


def _text(*folders: str) -> str:
    files = (file for folder in folders for file in sorted((ROOT / folder).rglob("*")))
    return "\n".join(
        f"{file.name}\n{file.read_text(encoding='utf-8', errors='replace')}"
        for file in files
        if file.suffix in TEXTS and file.is_file() and file.name not in ("errors.md", Path(__file__).name)
    )


def test_every_code_is_raised_by_the_engine() -> None:
    table = ROOT / "engine" / "mailweave" / "diagnostics" / "codes"
    engine = "\n".join(
        file.read_text(encoding="utf-8")
        for file in (ROOT / "engine").rglob("*.py")
        if not file.is_relative_to(table)
    )
    assert [code for code in TABLE if f'"{code}"' not in engine] == []


def test_every_code_has_a_case() -> None:
    """Golden files, tables and the examples of the pages, which tests run, name the codes that they raise."""
    cases = _text("tests", "fixtures", "docs")
    assert {code for code in TABLE if code not in cases} == set(WITHOUT_A_CASE)


def test_every_code_says_why_and_what_to_do() -> None:
    assert [code.id for code in TABLE.values() if not code.why] == []
    assert [code.id for code in TABLE.values() if not code.help] == []


def test_no_code_is_one_placeholder() -> None:
    """A message names its finding in words of its own, whatever it is filled with."""
    assert [code.id for code in TABLE.values() if re.fullmatch(r"\{\w+\}", code.message)] == []


def test_a_name_means_one_code() -> None:
    names = Counter(code.name for code in TABLE.values())
    assert [name for name, count in names.items() if count > 1] == []


def test_the_page_of_renames_names_what_there_is() -> None:
    page = (ROOT / "docs" / "renames.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (MW\d+) \| (.+) \| `(.+)` \|$", page, re.MULTILINE)
    assert len(rows) > 80
    assert [code for code, _, name in rows if TABLE[code].name != name] == []


def test_a_question_comes_before_the_advice_of_the_table_and_advice_takes_its_place() -> None:
    general = TABLE["MW240"].help
    facts: dict[str, Any] = {"left": "int", "right": "text"}
    assert diagnose("MW240", **facts).help == general
    assert diagnose("MW240", help="did you mean `x`?", **facts).help == f"did you mean `x`? {general}"
    assert diagnose("MW240", help="write `x`", **facts).help == "write `x`"
