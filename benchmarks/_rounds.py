"""One side of a comparison: `python -m benchmarks._rounds NAME` works a round for each line that it reads.

It first says which pieces of work stand, as JSON: name to "", or to why not. Then, for each name read, it says the
seconds of one round.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time

from benchmarks import Round, Spent, Work


def main(benchmark: str) -> None:
    """Answer until the input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr
    works, missing = standing(benchmark)
    print(json.dumps({**dict.fromkeys(works, ""), **missing}), file=answers, flush=True)
    for line in sys.stdin:
        print(seconds(works[line.strip()]), file=answers, flush=True)


def standing(benchmark: str) -> tuple[dict[str, Round], dict[str, str]]:
    """The pieces of work that this engine has the names for, and why the others do not stand."""
    try:
        works: Work = importlib.import_module(f"benchmarks.{benchmark}").work()
    except (ImportError, AttributeError) as error:
        return {}, {benchmark: f"does not stand there: {error}"}
    found: dict[str, Round] = {}
    missing: dict[str, str] = {}
    for name, make in works.items():
        try:
            found[name] = make()
        except (ImportError, AttributeError) as error:
            missing[name] = f"does not stand there: {error}"
    return found, missing


def seconds(work: Round) -> float:
    """Seconds of one round, of CPU where it does not say its own; garbage is collected before, never within."""
    timed = work()
    gc.collect()
    gc.disable()
    started = time.process_time()
    found = timed()
    took = time.process_time() - started
    gc.enable()
    return found if isinstance(found, Spent) else took


if __name__ == "__main__":
    main(sys.argv[1])
