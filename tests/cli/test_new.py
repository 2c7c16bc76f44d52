"""What `mailweave new` says, and what it refuses."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mailweave.cli import group


def new(*words: str) -> Result:
    return CliRunner().invoke(group, ["new", *words], prog_name="mailweave")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["spring", "./spring", "my mails/spring", "ABSOLUTE/spring"])
def test_the_next_commands_are_typed_as_they_stand(here: Path, name: str) -> None:
    (here / "my mails").mkdir()
    typed = name.replace("ABSOLUTE", str(here))
    done = new(typed)
    assert done.exit_code == 0, done.output
    said, _, typed_next = done.output.partition("\n\nnext:\n")
    assert said.startswith(f"{Path(typed)}: ")
    commands = typed_next.splitlines()
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command)
        assert words[0] == "mailweave"
        ended = CliRunner().invoke(group, words[1:])
        assert ended.exit_code == 0, ended.output


@pytest.mark.parametrize("name", ["", ".", "spring sale", "x/", "a/b c", "-x", "frühling"])
def test_a_name_that_is_none_is_a_usage_error(here: Path, name: str) -> None:
    done = new("--", name) if name != "x/" else new("--", "x/..")
    assert done.exit_code == 2
    assert "named with" in done.output
    assert list(here.iterdir()) == []


def test_a_folder_that_holds_something_is_left_as_it_is(here: Path) -> None:
    (here / "spring").mkdir()
    (here / "spring" / "mine.txt").write_text("mine", encoding="utf-8")
    done = new("spring")
    assert done.exit_code == 2
    assert "spring is there already" in done.output
    assert [path.name for path in (here / "spring").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--example", "cart", "--from", "people.csv"), "give it, or --from"),
        (("--events", "events.csv"), "name it with --from"),
        (("--example", "card"), "'card' is not one of"),
    ],
)
def test_options_that_do_not_go_together_are_usage_errors(
    here: Path, words: tuple[str, ...], said: str
) -> None:
    done = new("spring", *words)
    assert done.exit_code == 2
    assert said in done.output
    assert list(here.iterdir()) == []


def test_an_example_is_shown_with_its_list(here: Path) -> None:
    done = new("kept", "--example", "cart")
    assert done.exit_code == 0
    assert "  people.jsonl            a list of made-up customers\n" in done.output
    assert "\n  mailweave segments kept\n" in done.output


def test_a_folder_in_no_folder_is_refused_with_a_code(here: Path) -> None:
    done = new("nowhere/spring")
    assert done.exit_code == 1
    assert "MW024" in done.output
    assert "nowhere/spring" in done.output
    assert list(here.iterdir()) == []


def test_the_same_name_gives_the_same_bytes(here: Path) -> None:
    (here / "a").mkdir()
    (here / "b").mkdir()
    new("a/spring")
    new("b/spring")
    first, second = (
        {p.relative_to(top).as_posix(): p.read_bytes() for p in top.rglob("*") if p.is_file()}
        for top in (here / "a", here / "b")
    )
    assert first == second
