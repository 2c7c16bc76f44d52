"""The items of a test in their one written form."""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.rules import nodes as n
from mailweave.rules.formatter.expressions import constant, length, names


def item(node: n.TestItem) -> str:
    """One item of a test."""
    match node:
        case n.GivenProfile(pairs=pairs):
            return f"profile {_record(pairs)}"
        case n.GivenConsent(purposes=purposes):
            return f"consent {names(purposes)}"
        case n.GivenEvents(events=events):
            return _braced("events", (_event(event) for event in events))
        case n.GivenScores(scores=scores):
            return _braced("scores", (_score(score) for score in scores))
        case n.GivenLookups(lookups=lookups):
            return _braced("lookups", (_lookup(lookup) for lookup in lookups))
        case n.GivenLists(pairs=pairs):
            return f"lists {_record(pairs)}"
        case n.GivenArm(experiment=experiment, arm=arm):
            return f"arm {experiment.id} = {arm.id}"
        case n.Now(instant=instant):
            return f"now {instant.text}"
        case n.Expect(facts=facts):
            return "expect " + ", ".join(_fact(fact) for fact in facts)


def _braced(word: str, parts: Iterable[str]) -> str:
    return f"{word} {{ {', '.join(parts)} }}"


def _record(pairs: tuple[n.Pair, ...]) -> str:
    written = ", ".join(f"{pair.name.id}: {_value(pair.value)}" for pair in pairs)
    return f"{{ {written} }}" if written else "{ }"


def _value(node: n.Value) -> str:
    match node:
        case n.Many(items=items):
            return "(" + ", ".join(_value(item) for item in items) + ")"
        case n.Record(pairs=pairs):
            return _record(pairs)
        case _:  # a Constant: mypy says what is missing
            return constant(node)


def _event(node: n.GivenEvent) -> str:
    fields = f" {_record(node.pairs)}" if node.pairs else ""
    return f"{node.name.id}{fields} {length(node.ago)} ago"


def _score(node: n.GivenScore) -> str:
    age = "" if node.age is None else f" {length(node.age)} old"
    return f"{node.name.id}: {constant(node.value)}{age}"


def _lookup(node: n.GivenLookup) -> str:
    return f"{node.name.id}({constant(node.key)}): {constant(node.value)}"


def _fact(node: n.Fact) -> str:
    match node:
        case n.IsIn(segment=segment):
            return segment.id
        case n.IsOut(segment=segment):
            return f"not {segment.id}"
        case n.IsSkipped(code=code):
            return f"skip {code.id}"
        case n.IsAnswer(name=name, answers=answers, many=many):
            return f"{name.id} is {f'({names(answers)})' if many else answers[0].id}"
