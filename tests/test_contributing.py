"""CONTRIBUTING.md is true: its paths and commands exist, and its recipes touch as many files as they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailweave.cli.verbs import VERBS

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md")
TEXT = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
RECIPES = dict(part.split("\n", 1) for part in TEXT["CONTRIBUTING.md"].split("\n## Recipe: ")[1:])
PLACE = re.compile(r"\A[\w.-]+(?:/[\w.-]+)+/?\Z|\A[\w.-]+\.(?:md|toml|txt)\Z")
NOT_IN_THE_TREE = {
    "out/demo",
    "out/pages",
    "out/site",
    "campaign.toml",
    "block.toml",
    "block.txt",
}  # made by people, by `make demo` and by `make docs`


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def places(text: str) -> set[str]:
    return {one for one in quoted(text) if PLACE.match(one)} - NOT_IN_THE_TREE


def exists(place: str) -> bool:
    """NAME, CODE and words stand for what the author chooses: then a neighbour of that shape exists."""
    return any(ROOT.glob(re.sub(r"NAME|CODE|words", "*", place.rstrip("/"))))


@pytest.mark.parametrize("page", PAGES)
def test_every_place_exists(page: str) -> None:
    assert places(TEXT[page])
    assert [one for one in places(TEXT[page]) if not exists(one)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_exists(page: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = [one.split() for one in quoted(TEXT[page])]
    assert {words[1] for words in named if words[0] == "make" and words[1:]} <= targets
    verbs = {words[1] for words in named if words[0] == "mailweave" and words[1:]}
    assert {verb for verb in verbs if not verb.startswith("-")} <= set(VERBS)


@pytest.mark.parametrize("page", PAGES)
def test_every_test_named_exists(page: str) -> None:
    tests = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    names = [one for one in quoted(TEXT[page]) if re.fullmatch(r"test_\w+", one)]
    assert [name for name in names if f"def {name}(" not in tests] == []


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_counts_its_files(recipe: str) -> None:
    steps, _, rest = RECIPES[recipe].partition("Files touched: ")
    found = re.search(r"^1\. .*", steps, re.S | re.M)
    assert found, "a recipe has numbered steps"
    # the golden test is run, not changed
    touched = places(found.group()) - {"tests/rules/test_errors_golden.py"}
    assert len(touched) == int(rest.split()[0]), sorted(touched)


def test_the_sample_of_the_architecture_shows_generated_code(capsys: pytest.CaptureFixture[str]) -> None:
    (sample,) = re.findall(r"^```python\n(.*?)^```$", TEXT["docs/architecture.md"], re.S | re.M)
    exec(compile(sample, "architecture.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "def render(" in shown
    assert "v0 >= 18" in shown


def test_there_is_a_recipe_for_each_thing_that_people_add() -> None:
    assert len(RECIPES) == 6


def test_prose_is_at_most_100_wide() -> None:
    """Of the pages that people write; code, tables and what a program writes may be wider."""
    by_program = {"blocks.md", "cli.md", "errors.md", "filters.md", "liquid.md"}
    written = [page for page in sorted((ROOT / "docs").glob("*.md")) if page.name not in by_program]
    assert [
        (page.name, line)
        for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *written)
        for line in re.sub(
            r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.S | re.M
        ).splitlines()
        if len(line) > 100 and not line.startswith(("|", "    "))
    ] == []
