"""Where our Liquid differs from python-liquid: each case of the list, in both."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from liquid.exceptions import LiquidError

from liquid import DictLoader, Environment
from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "liquid" / "divergences.toml"
PARTIALS = {"p": "{{ a }}-{{ b }}", "each": "({{ each.k }})"}
CASES = tomllib.loads(FIXTURE.read_text(encoding="utf-8"))["divergence"]


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_divergence(case: dict[str, Any]) -> None:
    data = json.loads(case.get("data", "{}"))
    assert _ours(case["template"], data) == case["ours"]
    assert _theirs(case["template"], data) == case["theirs"]


def _ours(text: str, data: dict[str, Any]) -> str:
    try:
        return Template.from_string(text, escape="none", partials=PARTIALS).render(data)
    except TemplateError:
        return "TemplateError"


def _theirs(text: str, data: dict[str, Any]) -> str:
    """What python-liquid itself says."""
    try:
        return Environment(loader=DictLoader(PARTIALS)).from_string(text).render(data)
    except LiquidError as problem:
        return type(problem).__name__
