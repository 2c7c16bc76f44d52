"""Repairs for machines: what a finding asks about mends it, in JSON and in SARIF; guesses are made by nobody unasked."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from mailweave.cli.fixes import fixes
from mailweave.decisions import check_rules
from mailweave.diagnostics import Diagnostic
from mailweave.diagnostics.printers import print_json, print_sarif
from mailweave.diagnostics.repairs import Repair, repair
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]
TEXTS = sorted((ROOT / "fixtures" / "errors").glob("*.rules"))
PARTLY = {"MW142", "MW110", "MW122"}
"""Mistakes of syntax: behind the one that is mended, the next one of its kind is read."""


def mended(made: Repair) -> str:
    """The file with the repair in it."""
    text = made.file.text
    return text[: made.fix.span.start] + made.fix.text + text[made.fix.span.stop :]


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.stem)
def test_what_a_finding_asks_about_mends_it(file: Path) -> None:
    source = Source(file.name, file.read_text(encoding="utf-8"))
    found = check_rules(source)
    counts = Counter(d.code for d in found)
    for d in found:
        made = repair(d)
        if made is None or d.code in PARTLY:
            continue
        assert made.file.text[made.fix.span.start : made.fix.span.stop] == made.replaces
        after = Counter(one.code for one in check_rules(Source(file.name, mended(made))))
        assert after[d.code] < counts[d.code], (d.code, made.replaces, made.fix.text)


def test_most_of_what_asks_did_you_mean_can_be_made_by_a_machine() -> None:
    asked = [d for file in TEXTS for d in check_rules(Source(file.name, file.read_text(encoding="utf-8")))]
    asked = [d for d in asked if d.help.startswith("did you mean")]
    made = [d for d in asked if repair(d) is not None]
    assert len(asked) > 10
    assert made == asked


def one() -> Diagnostic:
    text = 'profile {\n  id : key\n  country : text?\n}\nsegment a = contry == "US"\n'
    (found,) = (d for d in check_rules(Source("a.rules", text)) if d.code == "MW203")
    return found


def test_json_and_sarif_carry_it() -> None:
    (told,) = json.loads(print_json([one()]))
    assert told["fix"] == {"offsets": [53, 59], "text": "country", "sure": False}
    (result,) = json.loads(print_sarif([one()]))["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "a.rules"}
    region = {"startLine": 5, "startColumn": 13, "endLine": 5, "endColumn": 19}
    assert change["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": "country"}}]


def test_a_guess_is_no_fix_of_check_fix() -> None:
    assert fixes([one()], unsafe=True) == {}
