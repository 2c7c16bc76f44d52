"""The hooks of `.pre-commit-hooks.yaml`, driven by `pre-commit try-repo` on a repository of ours, offline.

pre-commit installs mailweave into an environment of its own. The test hands that environment the libraries of
the one it runs in, so that nothing is fetched; where even that does not work, it is skipped with the reason.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGED = ("engine", "grammar", "blocks", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")
HOOKS = ("mailweave-check", "mailweave-format", "mailweave-test", "mailweave-prove")

RULES = """\
ruleset "spring" version 1
profile {
  id     : key
  email  : text pii
  orders : int  min 0
}
segment buyers = orders >= 1

slot subject text max 1 fallback hello
block hello  for subject says "Hello"
block thanks for subject says "Thank you"
matrix main policy first {
  tie order
            | subject |
  buyers    | thanks  |
  otherwise | hello   |
}

test "buyers are thanked" {
  profile { orders: 2 }
  now 2026-11-22T09:00
  expect buyers, subject is thanks
}
"""
SETTINGS = """\
name = "spring"
from = { address = "shop@example.com", name = "Shop" }
unsubscribe_url = "https://shop.example.com/u/{{ profile.id }}"
postal_address = "1 Main Street, Springfield"
to = "{{ profile.email }}"
layout = "layout.html"
"""
LAYOUT = """\
<!DOCTYPE html>
<html lang="en" dir="ltr"><head><title>Spring</title></head><body><div lang="en" dir="ltr">
<p>Spring is here.</p>
<p><a href="{{ campaign.unsubscribe_url }}">Unsubscribe</a>, {{ campaign.postal_address }}</p>
</div></body></html>
"""
UNKNOWN_NAME = ("segment buyers = orders >= 1", "segment buyers = oders >= 1")
UNTIDY = ("segment buyers = orders >= 1", "segment buyers   =   orders>=1")
WRONG = ("subject is thanks", "subject is hello")


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the hooks and what they install."""
    if shutil.which("git") is None:
        pytest.skip("needs git")
    folder = tmp_path_factory.mktemp("hooks")
    for name in (*PACKAGED, ".pre-commit-hooks.yaml"):
        source = ROOT / name
        ignore = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignore)
        else:
            shutil.copy(source, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Hooks")
    return folder


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An author's repository: two campaigns, rules that stand alone, and a file that belongs to none."""
    folder = tmp_path / "work"
    for name in ("spring", "summer"):
        campaign = folder / "mail" / name
        campaign.mkdir(parents=True)
        (campaign / "campaign.toml").write_text(SETTINGS.replace("spring", name))
        (campaign / "layout.html").write_text(LAYOUT)
    (folder / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    git(folder, "init", "-q")
    return folder


def write_rules(work: Path, spring: str, summer: str, alone: str) -> None:
    (work / "mail/spring/spring.rules").write_text(spring)
    (work / "mail/summer/summer.rules").write_text(summer)
    (work / "alone.rules").write_text(alone)
    git(work, "add", "-A")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        **os.environ,
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("home")),
        "PYTHONPATH": sysconfig.get_paths()["purelib"],
        "PIP_NO_DEPS": "1",
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # means: build with the libraries at hand
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def try_hooks(hooks: Path, work: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Runs all hooks on all files."""
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "--all-files", "--color=never"]
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
    if "InstallationError" in done.stdout or "An unexpected error has occurred" in done.stdout:
        pytest.skip("pre-commit cannot install the hooks here: " + done.stdout[-400:])
    return done.returncode, done.stdout + done.stderr


def verdicts(output: str) -> dict[str, str]:
    """The verdict of each hook."""
    lines = [line for line in output.splitlines() if line.startswith("mailweave ")]
    return {"-".join(line.split(".")[0].split()): line.rsplit(".", 1)[-1] for line in lines}


def test_hooks_find_planted_faults_and_pass_when_they_are_mended(
    hooks: Path, work: Path, environment: dict[str, str]
) -> None:
    write_rules(work, RULES.replace(*UNKNOWN_NAME), RULES.replace(*WRONG), RULES.replace(*UNTIDY))
    code, output = try_hooks(hooks, work, environment)
    assert code == 1, output
    assert verdicts(output) == dict.fromkeys(HOOKS, "Failed"), output
    assert "mail/spring/spring.rules:7:18" in output  # check: the unknown name
    assert "alone.rules: formatted" in output
    assert f"mail/summer/summer.rules:{line_of('test ')}" in output
    assert "expected subject is hello, but subject is thanks" in output
    write_rules(work, RULES, RULES, RULES)
    code, output = try_hooks(hooks, work, environment)
    assert code == 0, output
    assert verdicts(output) == dict.fromkeys(HOOKS, "Passed"), output


def line_of(start: str) -> int:
    return next(number for number, line in enumerate(RULES.splitlines(), 1) if line.startswith(start))
