"""python -m benchmarks.judge [NAME ...]: judge mailweave and others, and write docs/scoreboard.md.

Without names all judges; the figures of those not named stay. With --page, --check or --install nothing is judged: the
page is written from the results, exit 1 says that it is not the one that they give, or the peers are brought.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType

from benchmarks.judge import Judgement, NotJudged, page, peers

ROOT = Path(__file__).resolve().parents[2]
RESULTS, PAGE = Path(__file__).parent / "results.json", ROOT / "docs" / "scoreboard.md"
NAMES = ("styles", "headers", "access", "liquids", "texts", "cost")


def main(arguments: Sequence[str]) -> int:
    """Judge, or check; 1 where the page is stale."""
    asked = _asked(arguments)
    modules = {name: import_module(f"benchmarks.judge.{name}") for name in NAMES}
    found = read()
    if asked.check:
        return _stale(page.page(found, modules))
    if asked.page:
        PAGE.write_text(page.page(found, modules), encoding="utf-8")
        return 0
    for kind in peers.install():
        print(f"the peers from {kind} could not be installed")
    os.environ["MAILWEAVE_NPM"] = str(peers.MODULES)  # where the tests' readers and compilers look
    for name in [] if asked.install else asked.names or NAMES:
        found[name] = _judged(modules[name], asked)
        write(found)
        PAGE.write_text(page.page(found, modules), encoding="utf-8")
    return 0


def _stale(wanted: str) -> int:
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/scoreboard.md is not what `make judge` wrote: python -m benchmarks.judge --page")
    return 1


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m benchmarks.judge", description=__doc__)
    reader.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    reader.add_argument("--scale", type=float, default=1, help="how many inputs, in units of all")
    reader.add_argument("--date", default=date.today().isoformat(), help="of the run; today unless given")
    reader.add_argument("--machine", default=_machine(), help="its class, as the page says it")
    reader.add_argument("--page", action="store_true", help="only write the page from the results")
    reader.add_argument("--check", action="store_true", help="only whether the page is that of the results")
    reader.add_argument("--install", action="store_true", help="only install the peers")
    asked = reader.parse_args(arguments)
    unknown = set(asked.names) - set(NAMES)
    if unknown:
        reader.error(f"no judge {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return asked


def _machine() -> str:
    return f"{os.cpu_count()} cores of {platform.machine()}, {platform.system()}"


def _judged(module: ModuleType, asked: argparse.Namespace) -> Judgement:
    name, began = module.__name__.rpartition(".")[2], time.monotonic()
    try:
        made: Judgement = module.judge(asked.scale)
    except NotJudged as reason:
        made = Judgement(skipped=str(reason))
    print(f"{name}: {made.skipped or 'judged'}, {time.monotonic() - began:.0f} s", flush=True)
    notes = (
        *made.notes,
        *([] if asked.scale == 1 else [f"With a scale of {asked.scale:g}, not of all inputs"]),
    )
    about = {"date": asked.date, "machine": asked.machine, "versions": peers.versions(module.PEERS)}
    return replace(made, notes=notes, **about)


def read() -> dict[str, Judgement]:
    """What was found last."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    return {name: Judgement.read(one) for name, one in kept.items()}


def write(found: dict[str, Judgement]) -> None:
    """Keeps it for the page."""
    text = json.dumps({name: asdict(one) for name, one in found.items()}, indent=1, ensure_ascii=False)
    RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
