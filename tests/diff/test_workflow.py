"""The workflow of docs/diff.md: it is YAML, names verbs and options that exist, and its script runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.diff.repository import git, spring

from mailweave.cli import group

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "workflows" / "mailweave-diff.yml"


def steps() -> list[dict[str, Any]]:
    return list(yaml.safe_load(FILE.read_text(encoding="utf-8"))["jobs"]["diff"]["steps"])


def scripts() -> list[str]:
    return [step["run"] for step in steps() if "run" in step]


def test_it_may_do_no_more_than_it_must() -> None:
    whole = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert whole["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert "pull_request" in whole[True]  # YAML 1.1 reads `on` as true
    assert "${{" not in "".join(scripts()), "a script takes what others wrote through the environment only"


def test_actions_are_pinned_by_version() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+\.\d+\.\d+", name) for name in used)


def test_verbs_and_options_exist() -> None:
    import click

    called = [
        shlex.split(line, comments=True) for s in scripts() for line in s.splitlines() if "mailweave " in line
    ]
    called = [words for words in called if words[0] == "mailweave"]
    assert called
    for _, verb, *words in called:
        command = group.get_command(click.Context(group), verb)
        assert command is not None, verb
        options = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options


GH = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in
  *--jq*) printf '%s' "$MINE" ;;
  *) cp body.md "$POSTED" ;;
esac
"""


@pytest.mark.parametrize("mine", ["", "12\n34\n"])
def test_its_script_posts_the_comparison(mine: str, tmp_path: Path) -> None:
    """A comment of its own is written once and then kept up to date; no other comment is touched."""
    work, tools = tmp_path / "work", tmp_path / "bin"
    for folder in (work, tools):
        folder.mkdir()
    spring(work)
    _script(tools / "gh", GH)
    _script(tools / "mailweave", f'#!/bin/sh\nexec "{sys.executable}" -m mailweave "$@"\n')
    run(work, tools, tmp_path, {"BASE": git(work, "rev-parse", "HEAD~1"), "MINE": mine})
    posted = (tmp_path / "posted.md").read_text(encoding="utf-8")
    assert posted.startswith("<!-- mailweave diff -->\n### <code>")
    assert "slot <code>hero</code> | <code>thanks</code> → <code>sale</code>" in posted
    last = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()[-1]
    there = "PATCH repos/ann/shop/issues/comments/12 " if mine else "POST repos/ann/shop/issues/1/comments "
    assert there in last


def test_its_script_is_silent_where_nothing_changed(tmp_path: Path) -> None:
    work, tools = tmp_path / "work", tmp_path / "bin"
    for folder in (work, tools):
        folder.mkdir()
    spring(work)
    _script(tools / "gh", GH)
    run(work, tools, tmp_path, {"BASE": git(work, "rev-parse", "HEAD"), "MINE": ""})
    assert not (tmp_path / "posted.md").exists()


def run(work: Path, tools: Path, out: Path, told: dict[str, str]) -> None:
    """Runs every script of the workflow but the installation."""
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("bash is not installed")
    about = {"GITHUB_REPOSITORY": "ann/shop", "NUMBER": "1", "POSTED": str(out / "posted.md")}
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **about, **told, "CALLS": str(out / "calls"), "PATH": path}
    for script in scripts()[1:]:
        command = [shell, "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        subprocess.run(command, cwd=work, env=environment, check=True, capture_output=True)


def _script(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


CHECK = ROOT / "docs" / "workflows" / "mailweave-check.yml"


def test_the_workflow_of_check_is_yaml_and_its_options_exist() -> None:
    import click

    whole = yaml.safe_load(CHECK.read_text(encoding="utf-8"))
    assert whole["permissions"] == {"contents": "read"}
    listed = whole["jobs"]["check"]["steps"]
    assert all(
        re.fullmatch(r"actions/[\w-]+@v\d+\.\d+\.\d+", step["uses"]) for step in listed if "uses" in step
    )
    called = re.findall(
        r"mailweave check \S+ --format (\w+)", "".join(step.get("run", "") for step in listed)
    )
    command = group.get_command(click.Context(group), "check")
    assert command is not None
    (form,) = [one for one in command.params if one.name == "form"]
    assert isinstance(form.type, click.Choice)
    assert set(called) == {"github", "junit"} <= set(form.type.choices)
