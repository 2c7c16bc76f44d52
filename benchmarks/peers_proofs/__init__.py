"""What the checks of other tools find of the plants of fixtures/proofs that can be told to them.

The linter of ZEN 2 and GrowthBook's conflict check run offline, under node: `MAILWEAVE_NPM` names the folder
node_modules with `@gorules/zen-engine-linux-x64-gnu` (2.0.2 or later) and `esbuild`, `MAILWEAVE_GROWTHBOOK` the file
packages/front-end/services/rule-conflicts.tsx of a checkout. What is not there is left out, and said.
"""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import Report

HERE = Path(__file__).parent
PROOFS = HERE.parents[1] / "fixtures" / "proofs"
Table = Mapping[str, Any]
Answer = Mapping[str, Any]


def run() -> Report:
    """The table of docs/proofs.md about other tools."""
    report = Report("peers_proofs")
    tables, plants = _toml("tables.toml", "table"), _toml("cases.toml", "case")
    faulty = sum(one["kind"] != "clean" for one in plants)
    told = {one["case"] for one in tables} & {one["name"] for one in plants if one["kind"] != "clean"}
    report.say(
        f"   {len(told)} of {faulty} plants, and {len(tables) - len(told)} of the clean texts, can be told to them"
    )
    for name, command in _tools(report):
        _compare(report, name, tables, _answers(command, tables))
    return report


def _toml(name: str, key: str) -> list[Table]:
    found: list[Table] = tomllib.loads((PROOFS / name).read_text(encoding="utf-8"))[key]
    return found


def _tools(report: Report) -> Iterator[tuple[str, list[str]]]:
    modules, conflicts = os.environ.get("MAILWEAVE_NPM", ""), os.environ.get("MAILWEAVE_GROWTHBOOK", "")
    zen = Path(modules, "@gorules/zen-engine-linux-x64-gnu/package.json")
    if modules and zen.is_file():
        version = json.loads(zen.read_text(encoding="utf-8"))["version"]
        yield f"ZEN {version}, linter", ["node", str(HERE / "zen.cjs"), modules]
    else:
        report.say("   ZEN is missing (MAILWEAVE_NPM=path/to/node_modules)")
    if modules and Path(modules, "esbuild").is_dir() and Path(conflicts).is_file():
        yield "GrowthBook, conflict check", ["node", str(HERE / "growthbook.cjs"), modules, conflicts]
    else:
        report.say("   GrowthBook is missing (MAILWEAVE_GROWTHBOOK=path/to/rule-conflicts.tsx, and esbuild)")


def _answers(command: Sequence[str], tables: Sequence[Table]) -> list[Answer]:
    done = subprocess.run(command, input=json.dumps(tables), capture_output=True, text=True, check=True)
    found: list[Answer] = json.loads(done.stdout)
    return found


def _compare(report: Report, name: str, tables: Sequence[Table], answers: Sequence[Answer]) -> None:
    """Rows found, missed and wrongly told, of each kind; the tables where the answer is not the truth."""
    report.say(f"   {name}")
    for kind in ("unreachable", "overlaps"):
        pairs = [
            (
                set(t.get(kind, ())),
                set(a[kind]) - (set(t.get("unreachable", ())) if kind == "overlaps" else set()),
            )
            for t, a in zip(tables, answers, strict=True)
        ]
        found, all_ = sum(len(t & a) for t, a in pairs), sum(len(t) for t, _ in pairs)
        wrong = [t["case"] for t, (true, a) in zip(tables, pairs, strict=True) if a - true]
        missed = [t["case"] for t, (true, a) in zip(tables, pairs, strict=True) if true - a]
        report.say(
            f"     {kind:<12} {found} of {all_} found, {len(wrong)} wrongly told {', '.join(wrong)}".rstrip()
        )
        report.say(f"       missed: {', '.join(missed) or 'none'}")
