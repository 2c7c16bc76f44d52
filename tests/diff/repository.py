"""A small git repository for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "diff" / "spring"


def git(folder: Path, *arguments: str) -> str:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"]
    plain = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    ran = subprocess.run(
        ["git", *who, *arguments], cwd=folder, env=plain, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def spring(folder: Path) -> Path:
    """A repository with the campaign `campaigns/spring`: the old one is the first commit, the new one the second."""
    campaign = folder / "campaigns" / "spring"
    git(folder, "init", "-q", "-b", "main")
    for version in ("old", "new"):
        shutil.copytree(FOLDER / version, campaign, dirs_exist_ok=True)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", version)
    return campaign
