"""python -m benchmarks [NAME ...] [--against REV] [--json FILE]: run all (or the named) benchmarks.

Exit 1 when a claim fails. With --against, each benchmark that says what its work is runs beside that commit, round by
round, and the claims are about the ratios.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import benchmarks
from benchmarks import Report


def names(having: str = "run") -> list[str]:
    """The benchmarks whose module has this function."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    own = (name for name in found if not name.startswith("_"))
    return sorted(name for name in own if hasattr(importlib.import_module(f"benchmarks.{name}"), having))


def main(arguments: list[str]) -> int:
    """Run what is asked for; 1 when a claim fails, 2 when a name is unknown."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    reader.add_argument("names", nargs="*", metavar="NAME")
    reader.add_argument("--against", metavar="REV", help="compare with this commit")
    reader.add_argument("--json", metavar="FILE", type=Path, help="write the figures there, too")
    asked = reader.parse_args(arguments)
    known = names("work" if asked.against else "run")
    unknown = [name for name in asked.names if name not in known]
    if unknown:
        reader.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    missed, figures = 0, {}
    root = None
    if asked.against:
        from benchmarks._against import checkout, compare

        root = checkout(asked.against)
    for name in asked.names or known:
        if root is None:
            report: Report = importlib.import_module(f"benchmarks.{name}").run()
            figures[name] = _figures(report)
        else:
            report, more = compare(root, name)
            figures[name] = {**_figures(report), **more}
        missed += shown(report)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 1 if missed else 0


def shown(report: Report) -> int:
    """Print a report; how many of its claims fail."""
    print(f"== {report.name}")
    print("\n".join(report.lines))
    for bound in report.bounds:
        sign = ">=" if bound.at_least else "<="
        verdict = "holds" if bound.holds else "MISSED"
        print(f"   {verdict}: {bound.claim}: {bound.value:.3g} {sign} {bound.limit:.3g}")
    sys.stdout.flush()
    return sum(not bound.holds for bound in report.bounds)


def _figures(report: Report) -> dict[str, Any]:
    claims = [{"claim": b.claim, "value": b.value, "limit": b.limit, "holds": b.holds} for b in report.bounds]
    return {"lines": report.lines, "claims": claims}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
