"""Our validator and the official one on documents that nobody has seen before."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from tests.conftest import part_of
from tests.message.amp_cases import CASES, whole
from tests.message.amp_mutations import FULL, mutations

from mailweave.message.amp import ValidatorUnusable, validate_by_rules
from mailweave.message.amp.official import VARIABLE, validate_officially

SAME_CODES = 0.99


def _compare(path: Path, count: int, seed: int) -> tuple[int, int, Counter[str]]:
    """How many documents were compared, with how many other verdicts; which codes only one side said."""
    bases = [FULL] * 40 + [whole(case) for case in CASES]
    compared = verdicts = 0
    codes: Counter[str] = Counter()
    for html in mutations(bases, count, seed):
        try:
            theirs = validate_officially(html, path)
        except ValidatorUnusable:
            continue  # it fails on some broken characters of its own messages
        ours = validate_by_rules(html)
        compared += 1
        verdicts += ours.status != theirs.status
        difference = {e.code for e in ours.errors} ^ {e.code for e in theirs.errors}
        codes.update([" ".join(sorted(difference))] if difference else [])
    return compared, verdicts, codes


def _official() -> Path:
    path = os.environ.get(VARIABLE)
    if not path:
        pytest.skip(f"needs {VARIABLE}: the official validator_wasm.js of npm's next@15.1.0")
    return Path(path)


def _judge(count: int, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    compared, verdicts, codes = _compare(_official(), count, seed)
    with capsys.disabled():
        print(
            f"\n{compared} mutated documents, {verdicts} other verdicts, {codes.total()} other sets of codes"
        )
        for difference, times in codes.most_common():
            print(f"{times:>6}  {difference}")
    assert verdicts <= compared // 1000
    assert codes.total() <= (1 - SAME_CODES) * compared


def test_mutated_documents(capsys: pytest.CaptureFixture[str]) -> None:
    _judge(300, 1, capsys)


@pytest.mark.deep
def test_many_mutated_documents(capsys: pytest.CaptureFixture[str]) -> None:
    _judge(part_of(10_000), 2, capsys)
