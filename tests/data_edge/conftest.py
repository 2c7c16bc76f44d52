"""Tests of the extra `data`: left out, and said so, where one of its packages is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from mailweave.batch.extras import PACKAGES

MISSING = [name for name in PACKAGES["data"] if find_spec(name) is None]
collect_ignore_glob = ["test_*.py"] if MISSING else []


def pytest_report_header() -> str | None:
    """Why they are left out."""
    return (
        f"tests/data_edge is left out: {', '.join(MISSING)} not installed (extra `data`)" if MISSING else None
    )
