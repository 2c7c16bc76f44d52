"""Golden Liquid: cases that several implementations of Liquid share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import shared_data_path

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

MISSES = {
    "filters, reject, first argument is undefined": "Ruby's `cannot select the property` is lost in an `assign`; "
    "ours is an error there, as in an output",
    "tags, case, unexpected when token": "contradicts the case `..., strict2` on the same template: "
    "we refuse, as Ruby's strict2 mode does, what the lax mode drops in silence",
}
_FILE = shared_data_path() / "golden_liquid" / "golden_liquid.json"


def cases() -> list[Any]:
    """Every case; a single one that is skipped when the data is absent."""
    if not _FILE.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="needs ../shared/data beside the checkout"))]
    return [pytest.param(case, id=case["name"]) for case in json.loads(_FILE.read_text("utf-8"))["tests"]]


def results(case: dict[str, Any]) -> list[str]:
    return case["results"] if "results" in case else [case["result"]]


@pytest.mark.parametrize("case", cases())
def test_golden(case: dict[str, Any]) -> None:
    kind, text = _outcome(lambda data: _template(case).render(data), case.get("data", {}))
    if case.get("invalid") or case["name"] in MISSES:
        assert kind == "error", f"should be refused, gives {text!r}"
    else:
        assert (kind, text) in [("text", wanted) for wanted in results(case)]


def _template(case: dict[str, Any]) -> Template:
    return Template.from_string(case["template"], escape="none", partials=case.get("templates"))


@pytest.mark.parametrize("bound", [False, True], ids=["unbound", "bound"])
@pytest.mark.parametrize("escape", ["html", "none"])
def test_compiled_equals_interpreted(shared_data: Path, escape: Any, bound: bool) -> None:
    golden = json.loads((shared_data / "golden_liquid" / "golden_liquid.json").read_text("utf-8"))["tests"]
    compared = 0
    for case in golden:
        data = case.get("data", {})
        constants = data if bound else {}
        try:
            template = Template.from_string(
                case["template"], escape=escape, partials=case.get("templates"), constants=constants
            )
        except TemplateError:
            continue
        rest = {} if bound else data
        assert _outcome(template.render, rest) == _outcome(_interpreter(template), rest), case["template"]
        compared += 1
    assert compared > 900


def _interpreter(template: Template) -> Any:
    return lambda data: template._interpret(data, None)


def _outcome(render: Any, data: dict[str, Any]) -> tuple[str, str]:
    try:
        return "text", render(data)
    except TemplateError as problem:
        return "error", str(problem)
