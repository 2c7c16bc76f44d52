"""Snippets of Braze, Customer.io, Klaviyo and Mailchimp: each is converted, or named with what it was."""

from __future__ import annotations

from typing import Any

import pytest

from mailweave.liquid import Template
from tests.migrate.snippets import PRODUCTS, became, snippets

CASES = [(product, case) for product in PRODUCTS for case in snippets(product)]
OPENINGS = {"braze": "${", "customerio": "{{ customer", "klaviyo": "{{ person", "mailchimp": "*|"}


@pytest.mark.parametrize("product", PRODUCTS)
def test_there_are_a_hundred(product: str) -> None:
    templates = [case["template"] for case in snippets(product)]
    assert len(templates) >= 100
    assert len(set(templates)) == len(templates)


@pytest.mark.parametrize(("product", "case"), CASES, ids=[f"{p}-{c['template'][:40]}" for p, c in CASES])
def test_a_snippet_is_converted_or_named(product: str, case: dict[str, Any]) -> None:
    made = became(product, case["template"])
    assert made == case
    Template.from_string(made["liquid"])
    shown = made["liquid"].split("{% # ")
    rest = shown[0] + "".join(piece.partition(" %}")[2] for piece in shown[1:])
    assert OPENINGS[product] not in rest
    assert (len(shown) == 1) or made["codes"]
