"""python -m benchmarks doubles: a dirty list whose truth is known, merged, judged, and undone (docs/clean-data.md)."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks import Report
from benchmarks.dirty_people import DirtyList, dirty_people
from mailweave.data.doubles.merge_log import read_log, undo
from mailweave.data.doubles.merging import dedupe
from mailweave.data.files import digest
from mailweave.data.mapping import read_mapping

ROWS: Final = 100_000
SEED: Final = 1
RULES: Final = """
profile {
  id         : key
  first_name : text? pii
  last_name  : text? pii
  street     : text? pii
  postcode   : text? pii
  town       : text?
  email      : text? pii
  phone      : text? pii
  birthday   : date? pii
  updated    : instant?
}
"""
MAPPING: Final = """
rules = "people.rules"
[dedupe]
email = "email"
phone = "phone"
names = ["first_name", "last_name"]
address = ["street", "postcode", "town"]
differ = ["birthday"]
newest = "updated"
"""


class Judged(NamedTuple):
    """Pairs of rows that were merged: how many of them are one person, and how many of all such pairs they are."""

    precision: float
    recall: float
    merged: int
    true: int


def judge(groups: Iterable[Sequence[int]], truth: Sequence[int]) -> Judged:
    """Every pair counts, so that a wrong merge of two groups is as many mistakes as it joins pairs.

    >>> judge([[0, 1, 2]], [7, 7, 8, 8])
    Judged(precision=0.3333333333333333, recall=0.5, merged=3, true=2)
    """
    merged = right = 0
    for group in groups:
        merged += _pairs(len(group))
        right += sum(_pairs(count) for count in Counter(truth[row] for row in group).values())
    true = sum(_pairs(count) for count in Counter(truth).values())
    return Judged(right / merged if merged else 1.0, right / true if true else 1.0, merged, true)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def write(folder: Path, made: DirtyList) -> Path:
    """The list and its mapping in a folder; the path of the mapping."""
    (folder / "people.rules").write_text(RULES, encoding="utf-8")
    (folder / "data.toml").write_text(MAPPING, encoding="utf-8")
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in made.rows)
    (folder / "people.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder / "data.toml"


def run() -> Report:
    """Precision and recall of pairs, pairs in doubt, whether undoing gives the list back; time and memory."""
    report = Report(f"doubles: a dirty list of {ROWS:,} with known truth, seed {SEED}")
    with TemporaryDirectory() as name:
        folder, made = Path(name), dirty_people(ROWS, SEED)
        mapping = read_mapping(write(folder, made))
        start = time.perf_counter()
        found = dedupe(mapping, folder / "people.jsonl", folder / "merged.jsonl")
        took = time.perf_counter() - start
        groups = [[at for at, _ in merge.lines] for merge in read_log(found.log).merges]
        undo(found.log, found.out, folder / "again.jsonl")
        is_same = digest(folder / "again.jsonl") == digest(folder / "people.jsonl")
    seen = judge(groups, made.truth)
    report.say(f"   {found.written:,} rows are left; {found.asked:,} pairs are left to a person")
    report.say(f"   {seen.merged:,} pairs merged, {seen.true:,} are one person")
    report.say(f"   {took:.0f} s, at most {getrusage(RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    report.claim("precision of merging, pairs", seen.precision, 0.99, at_least=True)
    report.claim("recall, pairs", seen.recall, 0.9, at_least=True)
    lost = found.rows - found.written - sum(len(group) - 1 for group in groups)
    report.claim("rows lost", lost, 0)
    report.claim("undone exactly", float(is_same), 1.0, at_least=True)
    return report
