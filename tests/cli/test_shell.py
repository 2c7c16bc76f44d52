"""The verbs: groups, examples, completion, and what is said of verbs of other tools."""

from __future__ import annotations

import io
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from mailweave.cli import group
from mailweave.cli.verbs import BESIDE, EXAMPLES, GROUPS, MEANT, OF_TEMPLATES, VERBS

ROOT = Path(__file__).resolve().parents[2]
MOST_SHOWN = 18
NAMED = tuple(verb for verbs in BESIDE.values() for verb in verbs)


def test_every_verb_is_in_one_group_or_under_template() -> None:
    shown = [verb for verbs in GROUPS.values() for verb in verbs]
    assert sorted([*shown, *OF_TEMPLATES, *NAMED]) == sorted(VERBS)
    assert len(shown) <= MOST_SHOWN


def test_help_shows_the_groups() -> None:
    told = CliRunner().invoke(group, ["--help"]).output
    assert [line for line in told.splitlines() if line.rstrip(":") in GROUPS] == [
        f"{each}:" for each in GROUPS
    ]
    assert "\n  inline" not in told
    end = " ".join(told.split()).partition("Also, each with a --help of its own: ")[2]
    assert all(f"{title}: {', '.join(verbs)}" in end for title, verbs in BESIDE.items())


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_ends_with_an_example(verb: str) -> None:
    told = CliRunner().invoke(group, [verb, "--help"], terminal_width=200).output
    assert told.rstrip().endswith(f"Example: mailweave {EXAMPLES[verb]}")


@pytest.mark.parametrize("verb", VERBS)
def test_an_example_is_read(verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mail.html", "block.html", "my.rules", "ann.json", "customers.parquet"):
        (tmp_path / name).touch()
    (tmp_path / "my-campaign").mkdir()
    context, arguments = click.Context(group, info_name="mailweave"), shlex.split(EXAMPLES[verb])
    command: click.Command = group
    while isinstance(command, click.Group):
        _, found, arguments = command.resolve_command(context, arguments)
        assert found is not None
        command = found
    assert command.make_context(command.name, arguments, parent=context).params is not None


@pytest.mark.parametrize("verb", OF_TEMPLATES)
def test_a_verb_of_templates_is_one_command_under_both_names(verb: str) -> None:
    alone, under = (
        CliRunner().invoke(group, [*where, verb, "--help"]).output.partition("Options:")[2]
        for where in ((), ("template",))
    )
    assert alone == under != ""


@pytest.mark.parametrize("word", MEANT)
def test_a_verb_of_another_tool_is_answered(word: str) -> None:
    result = CliRunner().invoke(group, [word])
    assert result.exit_code == 2
    assert MEANT[word] in VERBS
    assert f"`mailweave {MEANT[word]}`" in " ".join(result.output.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    told = CliRunner().invoke(group, ["completion", shell]).output
    assert "_MAILWEAVE_COMPLETE" in told


def test_verbs_are_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_MAILWEAVE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "mailweave expl")
    monkeypatch.setenv("COMP_CWORD", "1")
    told = CliRunner().invoke(group, [], prog_name="mailweave").output
    assert told.split() == ["plain,explain"]


def test_colour_is_printed_by_what_honours_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (ROOT / "engine/mailweave/cli").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not any(each in text for each in ("click.style", "secho", "\\x1b", "\\033")), path
    monkeypatch.setenv("NO_COLOR", "1")
    told = io.StringIO()
    Console(file=told, force_terminal=True, color_system="standard").print("[red]x[/red]")
    assert "\x1b[31m" not in told.getvalue()
