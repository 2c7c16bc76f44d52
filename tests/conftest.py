"""What all tests share: golden files, outside data."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# No new random examples in each run of `make test`: a red run then nearly always has one cause, the change
# (Hypothesis also draws constants from the modules that are loaded, so machines can differ). Searching is
# what `make test-deep` is for: HYPOTHESIS_PROFILE=search. Tests never time, so no deadlines.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden files with what is printed now"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with a golden file; with --update-golden, rewrites the file."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path} is missing; run pytest --update-golden and read it"
        assert text == path.read_text(encoding="utf-8")

    return compare


def shared_data_path() -> Path:
    return ROOT.parent / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """The folder with data made by others; the test is skipped where it is absent."""
    path = shared_data_path()
    if not path.is_dir():
        pytest.skip("needs ../shared/data beside the checkout")
    return path
