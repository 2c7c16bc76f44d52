"""Conditions of Liquid said in rules, held against the templates that they stand in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from mailweave.cli.prove import command
from mailweave.decisions import compile_decisions
from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template
from mailweave.prove.arms import liquid_arms
from mailweave.rules.prover.questions import NotSo
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.replay import Sample
from mailweave.rules.prover.smt import has_smt
from mailweave.values.instants import to_instant

needs_z3 = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")
PROVED = Path(__file__).resolve().parents[2] / "fixtures" / "proved"
NOW = to_instant("2026-12-01T09:00:00Z")
RULES = """ruleset "b" version 1
profile {
  id    : key
  plan  : enum(free < club < gold)
  home  : enum(US, CA)?
  n     : int?          min -5 max 20
  spent : money(USD)?
  rate  : number?
  vip   : bool?
  name  : text?
  born  : date?
  tags  : set of text
  shy   : text?         needs consent.ads
}
consent ads
score risk : ratio ttl 90 days else unknown
segment all_ = plan >= free
slot hero max 1 fallback plain
block plain for hero
"""
PROGRAM = compile_decisions(RULES)
SIGNS = ("==", "!=", "<", "<=", ">", ">=")
CONSTANTS = {
    "plan": ("'free'", "'club'", "'zoo'", "nil", "blank", "3"),
    "home": ("'US'", "'CA'", "nil", "blank", "empty", "''"),
    "n": ("0", "3", "2.5", "-1", "nil", "blank", "'3'"),
    "spent": ("0", "9.99", "10", "nil"),
    "rate": ("0", "0.5", "1", "nil"),
    "vip": ("true", "false", "nil", "blank"),
    "name": ("'Ann'", "''", "nil", "blank", "empty"),
    "born": ("'1990-05-17'", "'2000-01-01'", "nil", "'soon'"),
    "shy": ("'a'", "nil", "blank"),
}
ORDERED = frozenset({"plan", "home", "n", "spent", "rate", "born"})


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> str:
    kind = draw(st.sampled_from(["compare", "truth", "contains", "logic", "score"]))
    if kind == "logic" and depth:
        parts = [draw(conditions(depth - 1)) for _ in range(2)]
        return draw(st.sampled_from([" and ", " or "])).join(parts)
    name = draw(st.sampled_from(sorted(CONSTANTS)))
    if kind == "truth":
        return f"profile.{name}"
    if kind == "score":
        return f"scores.risk {draw(st.sampled_from(SIGNS))} 0.5"
    if kind == "contains":
        return draw(
            st.sampled_from(
                ["profile.tags contains 'a'", "profile.name contains 'n'", "profile.plan contains 'l'"]
            )
        )
    constant = draw(st.sampled_from(CONSTANTS[name]))
    is_text = constant.startswith("'")
    fits = (
        name in ORDERED
        and constant not in ("blank", "empty")
        and is_text == (name in ("plan", "home", "born"))
    )
    return f"profile.{name} {draw(st.sampled_from(SIGNS if fits else SIGNS[:2]))} {constant}"


@st.composite
def templates(draw: st.DrawFn) -> str:
    a, b, c = (draw(conditions()) for _ in range(3))
    name, word = (
        draw(st.sampled_from(["plan", "home", "name"])),
        draw(st.sampled_from(["'free'", "'US'", "'Ann'"])),
    )
    return draw(
        st.sampled_from(
            [
                f"{{% if {a} %}}1{{% elsif {b} %}}2{{% else %}}3{{% endif %}}",
                f"{{% unless {a} %}}1{{% if {b} %}}2{{% endif %}}{{% endunless %}}",
                f"{{% assign x = profile.{name} | default: {word} %}}{{% if x == {word} %}}1{{% else %}}2{{% endif %}}",
                f"{{% case profile.{name} %}}{{% when {word} %}}1{{% when 'gold', 'CA' %}}2{{% else %}}3{{% endcase %}}",
                f"{{% if {a} %}}{{% assign x = 1 %}}{{% elsif {b} %}}{{% assign x = 2 %}}{{% endif %}}"
                f"{{% if x == 1 %}}1{{% elsif x == 2 and {c} %}}2{{% elsif x %}}3{{% else %}}4{{% endif %}}",
                f"{{% if {a} %}}{{% assign x = profile.home %}}{{% endif %}}{{% if x == 'US' %}}1{{% endif %}}",
            ]
        )
    )


PEOPLE = st.fixed_dictionaries(
    {"id": st.just("ann"), "plan": st.sampled_from(["free", "club", "gold"])},
    optional={
        "home": st.sampled_from(["US", "CA"]),
        "n": st.sampled_from([-1, 0, 2, 3, 4]),
        "spent": st.sampled_from(["0", "9.99", "10", "10.01"]),
        "rate": st.sampled_from([0.0, 0.5, 0.75, 1.0]),
        "vip": st.booleans(),
        "name": st.sampled_from(["Ann", "", " ", "\t \n", "\u00a0", "nan"]),
        "born": st.sampled_from(["1990-05-17", "1999-12-31", "2000-01-01"]),
        "tags": st.lists(st.sampled_from(["a", "b"]), unique=True),
        "shy": st.sampled_from(["a", "b"]),
        "consent": st.sampled_from([{"ads": True}, {}]),
        "scores": st.sampled_from(
            [{"risk": {"value": v, "at": "2026-12-01T08:00:00Z"}} for v in (0.25, 0.5, 1.0)]
        ),
    },
)


VALUES: dict[str, list[Any]] = {
    "plan": ["free", "club", "gold"],
    "home": [None, "US", "CA"],
    "n": [None, -2, -1, 0, 1, 2, 3, 4],
    "spent": [None, "0", "-1", "9.98", "9.99", "10", "10.0001"],
    "rate": [None, 0.0, 0.25, 0.5, 1.0, 2.0],
    "vip": [None, False, True],
    "name": [None, "Ann", "", " ", "\t \n", "\u00a0", "ann"],
    "born": [None, "1990-05-16", "1990-05-17", "2000-01-01", "2000-01-02"],
    "shy": [None, "a", "b"],
}
WHOLE = [(name, sign, constant) for name in CONSTANTS for constant in CONSTANTS[name] for sign in SIGNS]


@pytest.mark.parametrize("name", CONSTANTS)
def test_every_comparison_is_said_as_liquid_means_it(name: str) -> None:
    """Each sign and constant beside each value: what is said in full is so where the template says so, and only there."""
    rules, outcomes = PROGRAM.program, set()
    for sign, constant in ((sign, constant) for other, sign, constant in WHOLE if other == name):
        template = Template.from_string(
            f"{{% if profile.{name} {sign} {constant} %}}1{{% endif %}}", escape="text"
        )
        (arm,) = liquid_arms(template, rules.schema)
        for value in VALUES[name]:
            given_ = {} if value is None else {name: value}
            person = {"id": "ann", "plan": "free", "consent": {"ads": True}, **given_}
            admitted = rules.admit(person, (), now=NOW)
            sample = Sample(PROGRAM.document, Recipient(person, (), NOW))
            try:
                is_so = template.render({"profile": rules.liquid_view(admitted)}) == "1"
            except TemplateError:  # two kinds that have no order: there is no mail
                continue
            case = (sign, constant, value)
            assert sample.is_so(arm.reached.may) or not is_so, case
            assert is_so or not sample.is_so(NotSo(arm.reached.may_not)), case
            if not arm.reached.unsaid:
                assert sample.is_so(arm.reached.may) == is_so, case
                outcomes.add(is_so)
    assert outcomes == {True, False}


@given(text=templates(), person=PEOPLE)
def test_whoever_reaches_a_branch_is_in_its_region(text: str, person: dict[str, Any]) -> None:
    """Each branch that the template takes, told by the digit it writes, may be; and one that is sure is taken."""
    rules = PROGRAM.program
    template = Template.from_string(text, escape="text")
    arms = [arm for arm in liquid_arms(template, rules.schema) if "assign" not in _body(text, arm.span.stop)]
    recipient = Recipient(person, (), NOW)
    admitted = rules.admit(person, (), now=NOW)
    data = {"profile": rules.liquid_view(admitted), "scores": rules.scores_view(admitted)}
    shown = template.render(data)
    sample = Sample(PROGRAM.document, recipient)
    for arm in arms:
        digit = _body(text, arm.span.stop)[:1]
        if digit in shown:
            assert sample.is_so(arm.reached.may), (text, digit)
        if sample.is_so(NotSo(arm.reached.may_not)):
            assert digit in shown, (text, digit)


def _body(text: str, at: int) -> str:
    begin = text.index("%}", at) + 2
    return text[begin : text.index("{%", begin) + 9]


def findings(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        CliRunner().invoke(command, [str(folder), "--format", "json"]).stdout
    )
    return found


@needs_z3
def test_what_rules_cannot_say_is_named_and_no_fault() -> None:
    (found,) = findings(PROVED / "MW923-beyond")
    assert (found["code"], found["severity"]) == ("MW923", "note")
    assert CliRunner().invoke(command, [str(PROVED / "MW923-beyond")]).exit_code == 0


@needs_z3
def test_a_template_of_two_blocks_is_dead_where_it_is_so_for_both(tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    shutil.copytree(PROVED / "MW922-branch", folder)
    (found,) = findings(folder)
    assert found["code"] == "MW922"
    assert 'nobody who gets `tip` reaches `if profile.plan == "free"`' in found["message"]
    rules = (folder / "main.rules").read_text(encoding="utf-8")
    (folder / "main.rules").write_text(
        rules.replace("block plain for main\n", "block plain for main\nblock also for main\n").replace(
            "otherwise | plain", "otherwise | also "
        ),
        encoding="utf-8",
    )
    settings = (folder / "campaign.toml").read_text(encoding="utf-8")
    (folder / "campaign.toml").write_text(settings + '\n[blocks.also]\nuse = "tip"\n', encoding="utf-8")
    assert [f for f in findings(folder) if f["code"] == "MW922"] == []
