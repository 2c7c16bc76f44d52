"""The AMP parts of the demo are valid: by our validator, and by the official one where it is to be had."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mailweave import Email, Environment
from mailweave.batch.sources import Recipients
from mailweave.message.amp import validate, validate_by_rules

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = "MAILWEAVE_AMP_VALIDATOR"


@pytest.fixture(scope="module")
def documents() -> list[str]:
    """One AMP document for each distinct selection among the first thousand customers."""
    campaign = Environment().compile(ROOT / "fixtures" / "campaigns" / "cdnow-winback")
    folder = ROOT / "fixtures" / "cdnow"
    everybody = iter(Recipients(folder / "profiles.parquet", folder / "events.parquet"))
    found: dict[str, str] = {}
    for _, one in zip(range(1_000), everybody, strict=False):
        email = campaign.render(one.profile, events=one.events)
        if isinstance(email, Email) and email.amp is not None:
            found.setdefault(repr(sorted(email.selection.items())), email.amp)
    assert len(found) > 8
    return list(found.values())


def test_by_our_validator(documents: list[str]) -> None:
    for document in documents:
        assert validate_by_rules(document).errors == ()


@pytest.mark.skipif(
    not os.environ.get(VARIABLE), reason=f"needs {VARIABLE}: validator_wasm.js of npm's next@15.1.0"
)
def test_by_the_official_validator(documents: list[str]) -> None:
    for document in documents:
        report = validate(document)
        assert report.status == "PASS", report.errors
