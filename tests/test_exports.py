"""What is promised to be there is there."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import mailweave

ROOT = Path(__file__).resolve().parents[1]
STABILITY = (ROOT / "docs" / "stability.md").read_text(encoding="utf-8")
PUBLIC = re.findall(r"^\| `(mailweave[\w.]*)` \|", STABILITY, re.M)
PAGES = sorted({ROOT / "README.md", *(ROOT / "docs").rglob("*.md")} - {ROOT / "docs/renames.md"})
FENCE = re.compile(r"^( *)```python\n(.*?)^\1```$", re.S | re.M)
PROMPT = re.compile(r"^ *(?:>>> |\.\.\. |    )(?=from |import )", re.M)
IMPORT = re.compile(r"^(?:from mailweave[\w.]* import (?:\([^)]*\)|.+)|import mailweave.*)$", re.M)
NAMED = re.compile(r"`(mailweave(?:\.\w+)+)")


@pytest.mark.parametrize("name", mailweave.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(mailweave, name)
    assert value.__doc__, name


def test_all_lists_what_the_lazy_module_serves() -> None:
    assert sorted(mailweave._HOMES) == sorted(mailweave.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        mailweave.nonsense  # type: ignore[attr-defined]  # noqa: B018 - reading it is the test


@pytest.mark.parametrize("package", PUBLIC)
def test_a_public_package_lists_its_names_and_has_them(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__doc__
    assert list(module.__all__) == sorted(module.__all__, key=_as_ruff_sorts)
    for name in module.__all__:
        value = getattr(module, name)
        assert not (inspect.isclass(value) or inspect.isfunction(value)) or value.__doc__, name


def _as_ruff_sorts(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions."""
    return 0 if name.isupper() else 1 if name[:1].isupper() else 2, name


def _imported(page: str) -> Iterator[tuple[str, str]]:
    """Module and name of everything of ours that code on a page imports; the name is empty for a whole module."""
    fenced = [textwrap.dedent(found[1]) for found in FENCE.findall(page)]
    indented = IMPORT.findall(PROMPT.sub("", FENCE.sub("", page)))
    for node in (node for code in [*map(_code, fenced), *indented] for node in ast.walk(ast.parse(code))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "mailweave":
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            ours = [alias.name for alias in node.names if alias.name.split(".")[0] == "mailweave"]
            yield from ((name, "") for name in ours)


def _code(sample: str) -> str:
    """A sample of a session without its prompts and answers."""
    if ">>> " not in sample:
        return sample
    lines = [line for line in sample.splitlines() if line.startswith((">>> ", "... "))]
    return "\n".join(line[4:] for line in lines)


def _named(page: str) -> Iterator[tuple[str, str]]:
    """What the prose of a page names with its dots, as module and name."""
    for dotted in NAMED.findall(page):
        if dotted == "mailweave.toml":
            continue  # a file
        module = max((one for one in PUBLIC if f"{dotted}.".startswith(f"{one}.")), key=len)
        yield module, dotted.removeprefix(module).lstrip(".").partition(".")[0]


def _private(page: str) -> list[tuple[str, str]]:
    """What a page sends its readers to and no public package lists."""
    found = [*_imported(page), *_named(page)]
    return [
        (module, name)
        for module, name in found
        if module not in PUBLIC or (name and name not in importlib.import_module(module).__all__)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_send_readers_to_public_names_only(page: Path) -> None:
    assert _private(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("page", "private"),
    [
        ("```python\nfrom mailweave.liquid.pair import TemplatePair\n```\n", ("mailweave.liquid.pair", "TemplatePair")),
        ("```python\nif x:\n    from mailweave import nothing\n```\n", ("mailweave", "nothing")),
        ("  ```python\n  import mailweave.values\n  ```\n", ("mailweave.values", "")),
        ("```python\n>>> from mailweave.rules import check, rows\n1\n```\n", ("mailweave.rules", "rows")),
        ("    >>> from mailweave.values import x\n", ("mailweave.values", "x")),
        ("    from mailweave.batch import (\n        run,\n        Ledger,\n    )\n", ("mailweave.batch", "Ledger")),
        ("In Python: `mailweave.batch.segments.count_segments`.", ("mailweave.batch", "segments")),
        ("In Python: `mailweave.batch.nothing(x)`.", ("mailweave.batch", "nothing")),
    ],
)  # fmt: skip
def test_what_is_not_public_is_found(page: str, private: tuple[str, str]) -> None:
    assert _private(page) == [private]


def test_the_changelog_begins_with_the_version() -> None:
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, second, *_ = re.findall(r"^## \[(.+?)\](.*)$", text, re.M)
    assert first == ("Unreleased", "")
    assert second[0] == about["version"]
    assert re.fullmatch(r" - \d{4}-\d{2}-\d{2}", second[1])


def test_import_and_help_load_next_to_nothing() -> None:
    probe = (
        "import sys, mailweave, mailweave.cli\n"
        "heavy = set('lark liquid lxml pydantic premailer babel duckdb pyarrow rich bs4'.split())\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_public_name_that_was_renamed_works_and_says_so() -> None:
    from mailweave import rules

    with pytest.warns(DeprecationWarning, match="ValidatedRecipient"):
        assert rules.Admitted is rules.ValidatedRecipient  # type: ignore[attr-defined]  # an old name, given with a warning
