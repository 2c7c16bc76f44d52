"""What all tests share: golden files, outside data."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import is_hypothesis_test, settings

# No new random examples in each run of `make test`: a red run then nearly always has one cause, the change
# (Hypothesis also draws constants from the modules that are loaded, so machines can differ). Searching is
# what `make test-deep` is for: HYPOTHESIS_PROFILE=search. Tests never time, so no deadlines.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

TENTH = os.environ.get("MAILWEAVE_DEEP") == "tenth"
"""Whether deep tests do a tenth of their work, with fixed seeds: `make test-deep`. `make bars` does all."""

DEEP_MINUTES = float(os.environ.get("MAILWEAVE_DEEP_MINUTES", "inf"))
"""How long after the start a deep test may still begin; later ones are skipped, and say so."""

Case = TypeVar("Case")
ROOT = Path(__file__).resolve().parents[1]
BEGAN = time.monotonic()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not TENTH:
        return
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("deep"):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
            if is_hypothesis_test(getattr(item, "obj", None)):
                _a_tenth(item.obj)  # type: ignore[attr-defined]  # a function, where Hypothesis knows it
    kept = {item for same in cases.values() for item in (same[::10] if len(same) >= 10 else same)}
    left_out = {item for same in cases.values() for item in same} - kept
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("deep") and time.monotonic() - BEGAN > 60 * DEEP_MINUTES:
        pytest.skip(f"deep tests begin within {DEEP_MINUTES:g} minutes here")


def _a_tenth(test: Any) -> None:
    """Hypothesis has no way to change a test's settings from outside, and takes none twice."""
    test = getattr(test, "__func__", test)
    given = test._hypothesis_internal_use_settings
    if given.max_examples > 100:
        few = settings(given, max_examples=given.max_examples // 10, derandomize=True, database=None)
        test._hypothesis_internal_use_settings = few


def part_of(count: int) -> int:
    """How many of `count` cases a deep test is to do that counts for itself."""
    return max(1, count // 10) if TENTH else count


def some_of(cases: Sequence[Case]) -> Sequence[Case]:
    """The cases that a deep test is to do: all, or every tenth, others than `[::10]` of a test that is not deep."""
    return cases[5::10] if TENTH else cases


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


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """What drives Chromium, one for the session; the tests are skipped where either is absent."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not (os.environ.get("MAILWEAVE_CHROMIUM") or shutil.which("chromium")):
        pytest.skip("needs Chromium: apt-get install chromium, or MAILWEAVE_CHROMIUM=path")
    with sync_api.sync_playwright() as started:
        yield started
