"""The official validator's verdicts on real and mutated documents, and ours beside them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mailweave.message.amp import validate

AT_LEAST_SAME_CODES = 0.95


def _cases(data: Path) -> list[dict[str, Any]]:
    lines = (data / "amp" / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def table_of_differences(differences: Counter[tuple[str, str]], seen: Counter[str]) -> str:
    """One row a code: how often the official validator says it, what we miss, what we add."""
    rows = [f"{'code':<45}{'official':>9}{'missed':>8}{'added':>8}"]
    for code in sorted({*seen, *(code for code, _ in differences)}):
        missed, added = differences[code, "missed"], differences[code, "added"]
        rows.append(f"{code:<45}{seen[code]:>9}{missed:>8}{added:>8}")
    return "\n".join(rows)


def test_verdicts_and_codes(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    differences: Counter[tuple[str, str]] = Counter()
    seen: Counter[str] = Counter()
    wrong_verdicts, failing, same_codes = [], 0, 0
    cases = _cases(shared_data)
    for case in cases:
        ours = validate((shared_data / "amp" / case["file"]).read_bytes())
        theirs = {error["code"] for error in case["errors"]}
        codes = {error.code for error in ours.errors}
        seen.update(theirs)
        differences.update((code, "missed") for code in theirs - codes)
        differences.update((code, "added") for code in codes - theirs)
        if ours.status != case["status"]:
            wrong_verdicts.append(case["file"])
        if case["status"] == "FAIL":
            failing += 1
            same_codes += codes == theirs
    with capsys.disabled():
        print(f"\n{len(cases)} documents, {len(wrong_verdicts)} other verdicts;", end=" ")
        print(f"same codes on {same_codes} of {failing} failing ones")
        print(table_of_differences(differences, seen))
    assert not wrong_verdicts
    assert same_codes >= AT_LEAST_SAME_CODES * failing


def test_places_and_words(shared_data: Path) -> None:
    """Not asked for and yet true: every finding stands where, and reads as, the official one does."""
    for case in _cases(shared_data):
        ours = validate((shared_data / "amp" / case["file"]).read_bytes())
        theirs = [(e["code"], e["severity"], e["line"], e["col"], e["message"]) for e in case["errors"]]
        assert sorted((e.code, e.severity, e.line, e.col, e.message) for e in ours.errors) == sorted(theirs)
