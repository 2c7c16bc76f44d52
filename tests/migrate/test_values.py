"""What a recipient sees of a converted template: by the types that are declared, not those that the sample had."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave import Email, Environment
from mailweave.diagnostics import Severity
from mailweave.migrate.carry import carried
from mailweave.migrate.convert import convert
from mailweave.migrate.run import translate
from mailweave.migrate.sample import Sample
from mailweave.source import Source
from tests.migrate.test_findings import written

FILE = Path(__file__).resolve().parents[2] / "fixtures/migrate/values.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_what_is_shown(case: dict[str, Any], tmp_path: Path) -> None:
    source, sample = Source("mail.html", case["template"]), Sample(json.loads(case["sample"]))
    made = convert(source, case["from"], "try", sample=sample)
    assert [d.code for d in made.told if d.severity is not Severity.NOTE] == case.get("codes", [])
    recipient = Sample(json.loads(case.get("recipient", case["sample"])))
    profile = carried(recipient, translate(source, case["from"], sample=sample).places).get("profile", {})
    campaign = Environment().compile(written(tmp_path, made))
    mail = campaign.render({"id": "1", "email": "ann@example.org", **profile})
    assert isinstance(mail, Email), mail
    assert case["shown"] in mail.html
