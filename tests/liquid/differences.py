"""Which deliberate difference explains that a case of the corpus comes out otherwise than in Ruby."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "liquid" / "differences.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(FIXTURE.read_text(encoding="utf-8"))["difference"]
Result = tuple[str, str]
_TESTS = ("error", "on", "with", "from", "strict2")


def outcome(case: dict[str, Any], *, interpreted: bool = False) -> Result:
    """What ours gives: ("text", it) or ("error", its words)."""
    try:
        template = Template.from_string(case["template"], escape="none", partials=case.get("partials", {}))
        data, now = case.get("data", {}), case.get("now")
        moment = datetime.fromisoformat(now) if now else None
        return "text", template._interpret(data, moment) if interpreted else template.render(data, now=moment)
    except TemplateError as problem:
        return "error", str(problem)


def agrees(case: dict[str, Any], found: Result) -> bool:
    """Whether ours is Ruby's answer; where Ruby refuses the template, ours has to."""
    if "right" not in case:
        return found[0] == "error"
    return found == ("text", case["right"])


def reason(case: dict[str, Any], found: Result) -> str:
    """The row of the table that says why ours is another answer than Ruby's; empty where there is none."""
    rows = (row["what"] for row in ROWS if any(key in row for key in _TESTS) and _applies(row, case, found))
    return next(rows, "")


def explained(case: dict[str, Any], found: Result) -> bool:
    """Whether a row of the table says why ours is another answer than Ruby's."""
    return bool(reason(case, found))


def _applies(row: dict[str, Any], case: dict[str, Any], found: Result) -> bool:
    if (row["ours"] == "error") != (found[0] == "error"):
        return False
    theirs = " ".join([case.get("right", ""), *case.get("errors", []), case.get("refused", "")])
    tests = {
        "error": found[1],
        "on": case["template"],
        "with": json.dumps(case["data"]),
        "from": theirs,
    }
    fits = all(re.search(row[key], text) for key, text in tests.items() if key in row)
    return fits and ("strict2" in case or not row.get("strict2"))
