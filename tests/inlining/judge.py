"""python -m tests.inlining.judge --documents 400 --seed 1000 [--liquid] [--shrink]: what the browser says of ours."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.inlining.documents import documents
from tests.inlining.liquid import people, templates
from tests.inlining.oracle import Judge
from tests.inlining.rendered import rendered_verdicts
from tests.inlining.shrinking import shrunk
from tests.inlining.verdicts import Verdict, counted, verdicts

PER_CALL = 32


def asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.inlining.judge", description=__doc__)
    parser.add_argument("--documents", type=int, default=400, help="how many documents")
    parser.add_argument("--seed", type=int, default=1000, help="the seed of the first; the others follow it")
    parser.add_argument("--liquid", action="store_true", help="templates with Liquid, four data sets each")
    parser.add_argument(
        "--shrink", action="store_true", help="print the smallest document of each that is wrong"
    )
    parser.add_argument("--most", type=int, default=10, help="how many to print or to shrink")
    parser.add_argument(
        "--reported", action="store_true", help="show (and shrink) those that are reported, too"
    )
    parser.add_argument(
        "--no-hooks", action="store_true", help="not with what mail clients put around a mail"
    )
    parser.add_argument(
        "--keep", type=Path, help="a folder for NAME.before.html and NAME.after.html of the wrong"
    )
    parser.add_argument("files", nargs="*", type=Path, help="judge these files instead")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = asked(arguments)
    with Judge.opened() as judge:
        began, judged = time.perf_counter(), list[Verdict]()
        for some in _parts(options):
            judged += _judged(judge, some, options)
        spent = time.perf_counter() - began
        count = counted(judged)
        print(f"{len(judged)} judged, {len(judged) / spent:.1f} a second: {dict(sorted(count.items()))}")
        shown = ["wrong", "crashed", *(["reported"] if options.reported else [])]
        for one in [one for one in judged if one.kind in shown][: options.most]:
            print(f"\n{one}")
            _keep(one, options.keep)
            if options.shrink:
                print(_smallest(judge, one, options))
    return 1 if count["wrong"] + count["crashed"] else 0


def _parts(options: argparse.Namespace) -> list[list[tuple[str, str]]]:
    seeds = range(options.seed, options.seed + options.documents)
    if options.files:
        named = [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in options.files]
    elif options.liquid:
        named = [(f"template {seed}", text) for seed, text in zip(seeds, templates(seeds), strict=True)]
    else:
        named = [(f"document {one.seed}", one.html) for one in documents(seeds)]
    return [named[at : at + PER_CALL] for at in range(0, len(named), PER_CALL)]


def _judged(judge: Judge, some: list[tuple[str, str]], options: argparse.Namespace) -> list[Verdict]:
    if options.liquid:
        return rendered_verdicts(judge, some, people(options.seed))
    return verdicts(judge, some, hooks=not options.no_hooks)


def _smallest(judge: Judge, one: Verdict, options: argparse.Namespace) -> str:
    """The smallest document that has the same verdict, what came of it, and its difference."""

    def still(texts: Sequence[str]) -> list[bool]:
        return [_alike(v, one) for v in _judged(judge, [("", text) for text in texts], options)]

    small = shrunk(one.before, still)
    (again,) = _judged(judge, [("smallest", small)], options)
    made = again.after if one.kind != "crashed" else ""
    return f"{small.strip()}\n  ->  {made.strip()}\n{again}"


def _alike(one: Verdict, other: Verdict) -> bool:
    same_error = one.kind != "crashed" or one.findings[0].split(":")[0] == other.findings[0].split(":")[0]
    return one.kind == other.kind and same_error


def _keep(one: Verdict, folder: Path | None) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for which, text in (("before", one.before), ("after", one.after)):
            (folder / f"{one.name.replace(' ', '-')}.{which}.html").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
