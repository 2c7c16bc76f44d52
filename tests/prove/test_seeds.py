"""What is found does not depend on where z3 begins: its choices vary with all that was asked before."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from tests.conftest import ROOT

from mailweave.cli.prove import command
from mailweave.rules.prover import solver
from mailweave.rules.prover.smt import smt


@pytest.mark.parametrize("plant", ["gap-refund"])
def test_a_plant_is_found_from_each_seed(plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("z3")
    path = str(ROOT / "fixtures" / "proofs" / f"{plant}.rules")
    found = {}
    for seed in range(24):
        monkeypatch.setattr(solver, "smt", lambda seed=seed: _Seeded(seed))
        told = json.loads(CliRunner().invoke(command, [path, "--format", "json"]).output)
        found[seed] = [one["code"] for one in told]
    assert [seed for seed, codes in found.items() if codes != ["MW900"]] == []


class _Seeded:
    """z3, whose solvers begin with a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def __getattr__(self, name: str) -> Any:
        return getattr(smt(), name)

    def SolverFor(self, logic: str) -> Any:
        made = smt().SolverFor(logic)
        made.set("random_seed", self._seed)
        return made
