"""Outputs that the tests of sending share: each rendered once, and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.delivery.sending.people import person, rendered

Made = Callable[..., Path]
"""A finished output of one's own: of how many people, three in thirty-three of whom want no mail, and its format."""


@pytest.fixture(scope="session")
def _outputs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, str], Path]:
    made: dict[tuple[int, str], Path] = {}

    def output(people: int, form: str) -> Path:
        if (people, form) not in made:
            folder = tmp_path_factory.mktemp(f"{form}{people}")
            made[people, form] = rendered(folder, map(person, range(people)), form)
        return made[people, form]

    return output


@pytest.fixture
def made(_outputs: Callable[[int, str], Path], tmp_path: Path) -> Made:
    """Makes outputs."""

    def copy(people: int, form: str = "eml") -> Path:
        return Path(shutil.copytree(_outputs(people, form), tmp_path / f"{form}{people}"))

    return copy
