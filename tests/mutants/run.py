"""Runs the tests that stand nearest to a module against mutants of it, in a copy of the engine.

python -m tests.mutants.run AREA NUMBER [SEED]
"""

from __future__ import annotations

import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutate import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
CPU_SECONDS = 120


@dataclass(frozen=True)
class Area:
    """Modules, as a pattern below the package, and the tests that are to know their faults: quick ones first."""

    modules: str
    quick: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = {
    "decisions": Area(
        "decisions/*.py",
        (
            "tests/decisions/test_policies.py",
            "tests/decisions/test_program.py",
            "tests/decisions/test_overrides.py",
        ),
        (
            "tests/decisions",
            "tests/properties/test_decisions.py",
            "tests/properties/test_decisions_buckets.py",
        ),
    ),
    "explanation": Area(
        "decisions/explanation/*.py",
        ("tests/decisions/test_page.py", "tests/decisions/test_program.py"),
        ("tests/decisions/test_explanation.py", "tests/properties/test_decisions_explained.py"),
    ),
    "message": Area(
        "message/*.py",
        ("tests/message/test_mime.py", "tests/message/test_links.py"),
        (
            "tests/message/test_wire.py",
            "tests/message/test_addresses.py",
            "tests/message/test_identity.py",
            "tests/message/test_sizes.py",
            "tests/message/test_readers.py",
        ),
    ),
    "plaintext": Area(
        "message/plaintext/*.py",
        ("tests/message/test_plaintext_shown.py",),
        ("tests/message/test_plaintext.py",),
    ),
    "ledger": Area("batch/ledger.py", (), ("tests/batch/test_ledger.py",)),
}


def sample(area: Area, number: int, seed: int) -> list[tuple[Path, Mutant]]:
    """Mutants of an area: modules are drawn by how much there is of each."""
    package = ROOT / "engine" / "mailweave"
    found = [
        (file.relative_to(package), mutant)
        for file in sorted(package.glob(area.modules))
        for mutant in mutants(file.read_text(encoding="utf-8"))
    ]
    return random.Random(seed).sample(found, min(number, len(found)))


def survivors(area: Area, number: int, seed: int) -> Iterator[str]:
    """The mutants that no test kills, by name."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder)
        for name in ("engine", "grammar", "blocks"):
            shutil.copytree(ROOT / name, copied / name, ignore=shutil.ignore_patterns("__pycache__"))
        if area.quick and not passes(area.quick, copied):
            raise AssertionError(f"{area.quick} fail without any change")
        for module, mutant in sample(area, number, seed):
            place = copied / "engine" / "mailweave" / module
            whole = place.read_text(encoding="utf-8")
            place.write_text(mutant.text, encoding="utf-8")
            if (not area.quick or passes(area.quick, copied)) and passes(area.tests, copied):
                yield f"{module} {mutant.name}"
            place.write_text(whole, encoding="utf-8")


def passes(tests: tuple[str, ...], copied: Path) -> bool:
    """Whether the tests see nothing. They have seen one that takes too long."""
    asked = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not deep", *tests]
    environment = {
        **os.environ,
        "PYTHONPATH": str(copied / "engine"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MAILWEAVE_CACHE": "off",
    }
    limits = f"ulimit -t {CPU_SECONDS}; exec "  # of CPU time: a busy machine kills no mutant
    command = ["sh", "-c", f"{limits}{shlex.join(asked)}"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    return ran.returncode == 0


if __name__ == "__main__":
    name, number, *seed = sys.argv[1:]
    for survivor in survivors(AREAS[name], int(number), int(seed[0]) if seed else 0):
        print(survivor, flush=True)
