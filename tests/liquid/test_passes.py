"""Each pass of the compiler does what its example says, and refuses nothing of a tree that it has made."""

from __future__ import annotations

import doctest
import importlib

import pytest

from mailweave.liquid.debug import shown, tree
from mailweave.liquid.passes import PASSES, optimized

MODULES = [
    "debug",
    "ir.expressions",
    *(f"passes.{run.__module__.split('.')[-1]}" for run in PASSES),
    "passes.known",
    "passes.pair",
]
TEXTS = [
    "Hi {% if a %}{{ a }}{% elsif b %}{% for x in l %}{{ x }}{% else %}-{% endfor %}{% endif %}!",
    "{% case s %}{% when 'a' %}{{ k }}{% when 'b', 'c' %}B{% else %}{% assign v = 1 %}{% endcase %}{{ v }}",
    "{% for x in k %}{{ x }}{{ forloop.index }}{% endfor %}{% render 'p' for l as q %}{% include 'p' with k %}",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"mailweave.liquid.{name}"))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("text", TEXTS)
def test_passes_leave_what_they_have_made(text: str) -> None:
    nodes, facts = tree(text, constants={"k": [1, 2]}, partials={"p": "[{{ q }}{{ p }}]"})
    before = shown(nodes)
    once = optimized(nodes, facts)
    assert shown(nodes) == before
    assert shown(optimized(once, facts)) == shown(once)
