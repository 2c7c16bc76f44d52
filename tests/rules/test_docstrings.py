"""The examples in the docstrings of the rules run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import mailweave.rules


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(mailweave.rules.__path__)])
def test_examples_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"mailweave.rules.{name}")).failed == 0
