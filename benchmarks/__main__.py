"""python -m benchmarks [NAME ...]: run all (or the named) benchmarks; exit 1 when a claim fails."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks


def names() -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def main(wanted: list[str]) -> int:
    missed = 0
    for name in wanted or [n for n in names() if hasattr(importlib.import_module(f"benchmarks.{n}"), "run")]:
        report: benchmarks.Report = importlib.import_module(f"benchmarks.{name}").run()
        print(f"== {report.name}")
        print("\n".join(report.lines))
        for bound in report.bounds:
            sign = ">=" if bound.at_least else "<="
            verdict = "holds" if bound.holds else "MISSED"
            print(f"   {verdict}: {bound.claim}: {bound.value:.3g} {sign} {bound.limit:.3g}")
            missed += not bound.holds
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
