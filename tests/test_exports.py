"""What is promised to be there is there."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import mailweave


@pytest.mark.parametrize("name", mailweave.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(mailweave, name)
    assert value.__doc__, name


def test_all_lists_what_the_lazy_module_serves() -> None:
    assert sorted(mailweave._HOMES) == sorted(mailweave.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        mailweave.nonsense  # noqa: B018 - reading it is the test


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("mailweave.rules", "compile_rules"),
        ("mailweave.decisions", "compile_decisions"),
        ("mailweave.liquid", "Template"),
        ("mailweave.content", "inline_once"),
    ],
)
def test_names_that_other_programs_call(module: str, name: str) -> None:
    assert callable(getattr(importlib.import_module(module), name))


def test_import_and_help_load_next_to_nothing() -> None:
    probe = (
        "import sys, mailweave, mailweave.cli\n"
        "heavy = set('lark liquid lxml pydantic premailer babel duckdb pyarrow rich bs4'.split())\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
