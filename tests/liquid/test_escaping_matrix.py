"""Every place crossed with every hostile value: none changes how a browser reads the page."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
import pytest
from tests.html_judge import NEUTRAL, unsafe

from mailweave.liquid import Template

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "escaping"
CONTEXTS = tomllib.loads((FIXTURES / "contexts.toml").read_text(encoding="utf-8"))["context"]
PAYLOADS = tomllib.loads((FIXTURES / "payloads.toml").read_text(encoding="utf-8"))["payload"]
NAMES = [context["name"] for context in CONTEXTS]
FIXED = {"j": "javascript", "c": ":alert(1)", "s": "script:alert(1)"}


def page(context: dict[str, Any]) -> str:
    if context.get("page", True):
        return f"<!doctype html><html><head><title>t</title></head><body>{context['template']}</body></html>"
    return f"<!doctype html><html><head>{context['template']}</head><body>t</body></html>"


@cache
def template(name: str) -> Template:
    context = next(one for one in CONTEXTS if one["name"] == name)
    return Template.from_string(page(context), name=name)


def render(name: str, value: object) -> str:
    return template(name).render({**FIXED, "x": value})


@cache
def neutral(name: str) -> str:
    return template(name).render({"j": NEUTRAL, "c": NEUTRAL, "s": NEUTRAL, "x": NEUTRAL})


@pytest.mark.parametrize("name", NAMES)
def test_no_hostile_value_changes_the_page(name: str) -> None:
    wrong = [
        (one["name"], why, render(name, one["value"]))
        for one in PAYLOADS
        if (why := unsafe(render(name, one["value"]), neutral(name)))
    ]
    assert not wrong


@pytest.mark.parametrize(
    "value", [None, True, False, 0, -7, 2.5, [], ["<b>", '"', "{{"], {"<": ["}}", {"{": {}}]}]
)
@pytest.mark.parametrize("name", NAMES)
def test_values_that_are_no_text_change_nothing(name: str, value: object) -> None:
    if "JSON" in name or "value in" in name or "handler" in name:
        pytest.skip("a script sees the value itself: its type is part of the structure")
    assert not unsafe(render(name, value), neutral(name))


@pytest.mark.parametrize("name", NAMES)
def test_no_naughty_string_changes_the_page(name: str, shared_data: Path) -> None:
    strings = json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8"))
    hostile = [one for one in dict.fromkeys(strings) if set(one) & set("<>\"'`&{}%\\:;()\n\r\t\0=/*")]
    wrong = [one for one in hostile if unsafe(render(name, one), neutral(name))]
    assert not wrong


@pytest.mark.parametrize("context", [one for one in CONTEXTS if "exact" in one], ids=lambda one: one["name"])
def test_the_reader_sees_the_value_itself(context: dict[str, Any]) -> None:
    element, _, attribute = context["exact"].partition("@")
    for one in PAYLOADS:
        value = one["value"]
        if set(value) & set("\0\r\x01"):
            continue  # HTML has no way to write these
        tree = html5lib.parse(render(context["name"], value), namespaceHTMLElements=False)
        found = next(iter(tree.iter(element)))
        assert (found.get(attribute) if attribute else found.text or "") == value, one["name"]


def test_the_matrix_is_as_large_as_it_claims() -> None:
    assert len(CONTEXTS) >= 21
    assert len(PAYLOADS) >= 18
    assert len(set(NAMES)) == len(NAMES)
