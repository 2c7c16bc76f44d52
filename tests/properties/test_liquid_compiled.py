"""Compiled Liquid is interpreted Liquid, and in its dialect it is python-liquid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from liquid.builtin import DictLoader
from tests.liquid.grammar import FILTERS, OURS_ONLY, PARTIALS, data, own, templates

import liquid
from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template
from mailweave.liquid.compiler.function import EXPECTED, Compiler
from mailweave.liquid.dialect import Name, OnMissing
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
        Compiler(program.template, program.dialect, constants, Source("", text)).compile()


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
        "dialect": st.sampled_from(["mailweave", "mailweave", "python-liquid"]),
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


def reference(text: str, values: dict[str, Any], undefined: OnMissing) -> Result:
    """What python-liquid itself says."""
    kinds = {
        "strict": liquid.StrictUndefined,
        "lenient": liquid.Undefined,
        "default": liquid.StrictDefaultUndefined,
    }
    environment = liquid.Environment(loader=DictLoader(PARTIALS), undefined=kinds[undefined])
    environment.add_filter("own", own)
    try:
        return "text", environment.from_string(text).render(values)
    except Exception as problem:  # noqa: BLE001  # python-liquid leaks any
        return type(problem).__name__, str(problem)


def compare_with_python_liquid(text: str, values: dict[str, Any], undefined: OnMissing) -> None:
    dialect: Name = "python-liquid"
    expected = reference(text, values, undefined)

    def ours() -> str:
        template = Template.from_string(
            text, dialect=dialect, escape="none", partials=PARTIALS, filters={"own": own}, undefined=undefined
        )
        note(template.source)
        return template.render(values)

    assert outcome(ours) == expected


_missing = st.sampled_from(["lenient", "lenient", "strict", "default"])


@_few
@given(text=templates(FILTERS), values=data, undefined=_missing)
def test_dialect_is_python_liquid(text: str, values: dict[str, Any], undefined: OnMissing) -> None:
    compare_with_python_liquid(text, values, undefined)


# a `case` of which several branches may hold is written as statements, and so is what stands around it
CASCADES = [
    "{% unless a %}{% case a %}{% when a, a %}{% when a %}{% else %}text {% endcase %}{% else %}{% endunless %}",
    "{% if n %}<b>{% case n %}{% when n %}1{% when 2 %}2{% endcase %}</b>{% endif %}{{ n }}",
    "{% for x in (1..2) %}{% if n %}{% case x %}{% when n, 1 %}{{ x }}{% endcase %}{% endif %}{% endfor %}",
]


@pytest.mark.parametrize("text", CASCADES)
def test_a_cascade_within_a_branch(text: str) -> None:
    template = Template.from_string(text, dialect="python-liquid", escape="none")
    assert ("text", template.render({"n": 2})) == reference(text, {"n": 2}, "lenient")
    assert template.source
    assert template.deopts == 0


@pytest.mark.deep
@_many
@given(text=templates(FILTERS), values=data, undefined=_missing)
def test_dialect_is_python_liquid_deep(text: str, values: dict[str, Any], undefined: OnMissing) -> None:
    compare_with_python_liquid(text, values, undefined)
