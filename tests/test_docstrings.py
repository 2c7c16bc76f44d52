"""The examples in the docstrings of every module run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import mailweave

ROOT = Path(__file__).resolve().parents[1]
MODULES = [
    module.name
    for module in pkgutil.walk_packages(mailweave.__path__, "mailweave.")
    if module.name != "mailweave.__main__"
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # where the examples find the demo's campaigns
    pytest.importorskip("pyspark", reason="needs pyspark") if name.startswith("mailweave.spark") else None
    assert doctest.testmod(importlib.import_module(name)).failed == 0
