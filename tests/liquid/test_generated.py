"""No text of a template gets into the generated Python but as a literal or through made-up names."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template, runtime

_ALLOWED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NODES = (
    ast.Module
    | ast.FunctionDef
    | ast.arguments
    | ast.arg
    | ast.Assign
    | ast.Expr
    | ast.If
    | ast.For
    | ast.Break
    | ast.Continue
    | ast.Pass
    | ast.Raise
    | ast.Return
    | ast.Call
    | ast.keyword
    | ast.Name
    | ast.Attribute
    | ast.Constant
    | ast.Compare
    | ast.BoolOp
    | ast.UnaryOp
    | ast.BinOp
    | ast.IfExp
    | ast.NamedExpr
    | ast.Tuple
    | ast.List
    | ast.Dict
    | ast.Subscript
    | ast.Slice
    | ast.expr_context
    | ast.operator
    | ast.unaryop
    | ast.cmpop
    | ast.boolop
)
_ATTRIBUTES = {
    *("get", "append", "loop", "allocate", "over_output", "over_capture", "date", "items", "upper", "lower"),
    *("capitalize", "strip", "lstrip", "rstrip", "isalnum", "isascii", "isprintable"),
}
_hostile = st.lists(
    st.sampled_from(
        [*"ab_'\"\\\n\r\t{}[]()#;:%|.-é\u2028\x00\x1f$`@!,=0 ", "import os", "__class__", '"""', "'''"]
    ),
    max_size=12,
).map("".join)
_word = st.text(st.sampled_from(list("abé_ß1-αＡ")), min_size=1, max_size=6)
_SHAPES = (
    "{name}{{{{ {word} }}}}{{{{ {word}.{other} }}}}",
    "{{% assign {word} = '{text}' %}}{{{{ {word} | append: '{text}' }}}}",
    "{{% for {word} in {other} %}}{text}{{{{ {word}['{text}'] }}}}{{% endfor %}}",
    "{{% capture {word} %}}{text}{{% endcapture %}}{{% increment {other} %}}",
    "{{% case {word} %}}{{% when '{text}' %}}{text}{{% endcase %}}{{% cycle '{text}', {other} %}}",
    "{{% render '{word}', {other}: '{text}' %}}{{% include '{word}' with {other} as {word} %}}",
    "{{{{ '2026-01-01' | date: '{text}' }}}}{{{{ {word} | truncate: 5, '{text}' }}}}",
    "{{{{ {word} | replace: '{text}', {other} }}}}",
    "{{% if {word} == '{text}' or {other} contains '{text}' %}}{{{{ {word} | map: '{text}' }}}}{{% endif %}}",
    "{{{{ {word} | own: {other}: '{text}' }}}}{{{{ {word} | default: 1, allow_false: {other} }}}}",
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(shape=st.sampled_from(_SHAPES), name=_hostile, text=_hostile, word=_word, other=_word)
def test_only_literals_and_own_names(shape: str, name: str, text: str, word: str, other: str) -> None:
    source = shape.format(name=name.replace("{", ""), text=text, word=word, other=other)
    constants = {other: {text: text, "k": [text]}}
    for fixed in ({}, constants):
        try:
            made = Template.from_string(
                source,
                escape="text",
                partials={word: f"{text}{{{{ {other} }}}}"},
                constants=fixed,
                filters={"own": lambda value, **named: value},
                name=text or "t",
            ).source
        except TemplateError:
            continue
        if made:
            check(made)


def check(made: str) -> None:
    tree = ast.parse(made)
    assert [type(node) for node in tree.body] == [ast.FunctionDef]
    for node in ast.walk(tree):
        assert isinstance(node, _NODES), ast.dump(node)
        if isinstance(node, ast.Name):
            assert _ALLOWED.match(node.id), node.id
            assert not node.id.startswith("__")
        if isinstance(node, ast.Attribute):
            assert node.attr in _ATTRIBUTES, node.attr
        if isinstance(node, ast.Constant):
            assert node.value is None or type(node.value) in (str, int, bool)
    for comment in re.findall(r"^\s*#(.*)$", made, re.MULTILINE):
        assert re.fullmatch(r" line \d+", comment), comment


@pytest.mark.parametrize(
    ("asked", "said"),
    [("size", "2"), ("first", "a"), ("last", "b"), ("first.size", "1"), ("last | upcase", "B")],
)
def test_what_lists_are_asked_most_is_answered_without_a_call(
    asked: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "item", lambda held, key: len(held) if type(held) is str else runtime.lost())
    template = Template.from_string(f"{{{{ profile.tags.{asked} }}}}")
    assert template.render({"profile": {"tags": ["a", "b"]}}) == said
    assert template.deopts == 0
