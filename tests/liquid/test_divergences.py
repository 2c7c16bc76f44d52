"""Where our dialect differs from python-liquid: each case of the list, in both."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "liquid" / "divergences.toml"
PARTIALS = {"p": "{{ a }}-{{ b }}", "each": "({{ each.k }})"}
CASES = tomllib.loads(FIXTURE.read_text(encoding="utf-8"))["divergence"]


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
@pytest.mark.parametrize("who", ["ours", "theirs"])
def test_divergence(case: dict[str, Any], who: str) -> None:
    assert _result(case, who) == case[who]


def _result(case: dict[str, Any], who: str) -> str:
    ours = who == "ours"
    try:
        template = Template.from_string(
            case["template"],
            escape="none",
            dialect="mailweave" if ours else "python-liquid",
            partials=PARTIALS,
        )
        return template.render(json.loads(case.get("data", "{}")))
    except TemplateError as problem:
        return "TemplateError" if ours else type(problem.__cause__).__name__
