"""Compiled Liquid is interpreted Liquid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from tests.liquid.grammar import FILTERS, OURS_ONLY, PARTIALS, data, own, templates

import liquid
from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template
from mailweave.liquid.compile import EXPECTED, compile_template
from mailweave.source import Source

Result = tuple[str, str]
_RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large]
_few = settings(max_examples=200, deadline=None, suppress_health_check=_RELAXED, derandomize=True)
_many = settings(max_examples=10_000, deadline=None, suppress_health_check=_RELAXED)


def outcome(render: Callable[[], str]) -> Result:
    """What a render gives: its text, or what its error says and where."""
    try:
        return "text", render()
    except TemplateError as problem:
        cause = problem.__cause__
        return type(cause or problem).__name__, str(cause) if cause else str(problem)


def interpreted(template: Template, values: dict[str, Any]) -> Result:
    """The same template, run by the interpreter only."""
    return outcome(lambda: template._interpret(values, None))


def refuses_for_a_reason(template: Template, constants: dict[str, Any], text: str) -> None:
    """What is not compiled is something the compiler knows that it does not do."""
    program = template._program
    with pytest.raises(EXPECTED):
        compile_template(program.template, replace(program.facts, constants=constants), Source("", text))


def compare_runners(text: str, values: dict[str, Any], constants: list[str], **options: Any) -> None:
    fixed = {name: values[name] for name in constants if name in values}
    try:
        template = Template.from_string(
            text, partials=PARTIALS, filters={"own": own}, constants=fixed, **options
        )
    except TemplateError:
        return
    note(template.source)
    if not template.source:
        refuses_for_a_reason(template, fixed, text)
    rest = {name: value for name, value in values.items() if name not in fixed}
    assert outcome(lambda: template.render(rest)) == interpreted(template, rest)


_constants = st.lists(st.sampled_from(["a", "d", "l", "m", "s"]), max_size=3)
_ours = [*FILTERS, *OURS_ONLY]
_modes = st.fixed_dictionaries(
    {
        "escape": st.sampled_from(["html", "text", "none"]),
        "undefined": st.sampled_from(["lenient", "lenient", "strict", "default"]),
    }
)


@_few
@given(text=templates(_ours), values=data, constants=_constants, modes=_modes)
def test_compiled_is_interpreted(
    text: str, values: dict[str, Any], constants: list[str], modes: dict[str, Any]
) -> None:
    compare_runners(text, values, constants, **modes)


@pytest.mark.deep
@_many
@given(text=templates(_ours), values=data, constants=_constants, modes=_modes)
def test_compiled_is_interpreted_deep(
    text: str, values: dict[str, Any], constants: list[str], modes: dict[str, Any]
) -> None:
    compare_runners(text, values, constants, **modes)


# a `case` of which several branches may hold is written as statements, and so is what stands around it
CASCADES = [
    "{% unless a %}{% case a %}{% when a, a %}{% when a %}{% else %}text {% endcase %}{% else %}{% endunless %}",
    "{% if n %}<b>{% case n %}{% when n %}1{% when 2 %}2{% endcase %}</b>{% endif %}{{ n }}",
    "{% for x in (1..2) %}{% if n %}{% case x %}{% when n, 1 %}{{ x }}{% endcase %}{% endif %}{% endfor %}",
]


@pytest.mark.parametrize("text", CASCADES)
def test_a_cascade_within_a_branch(text: str) -> None:
    template = Template.from_string(text, escape="none")
    assert template.render({"n": 2}) == liquid.Environment().from_string(text).render({"n": 2})
    assert template.source
    assert template.deopts == 0
