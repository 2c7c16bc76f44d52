"""Branches of Liquid that no recipient of their block can reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailweave.campaign.template_checks import Reader
from mailweave.decisions import DecisionProgram
from mailweave.diagnostics import Diagnostic, Related, diagnose
from mailweave.prove.arms import LiquidArm, let_value, liquid_arms, parsed
from mailweave.prove.liquid_conditions import Conditions
from mailweave.prove.liquid_values import Value
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.findings import Findings
from mailweave.rules.prover.prover import Found, Nobody, Prover, Undecided
from mailweave.rules.prover.questions import AllOf, AnyOf, NotSo, Question
from mailweave.schema.model import Schema
from mailweave.source import Source

_STOCK = "<stock>"


@dataclass(frozen=True, slots=True)
class Written:
    """A template, what it is called, its branches, and that somebody gets it: through `blocks`, or with every mail."""

    source: Source
    name: str
    arms: tuple[LiquidArm, ...]
    shown: Question
    blocks: tuple[str, ...]


def written(readers: Sequence[Reader], program: DecisionProgram) -> Iterator[Written]:
    """Every template of a campaign's author, once for all the blocks that use it."""
    schema, columns = program.document.schema, Columns(program.document)
    lets = let_values(readers, schema)
    uses: dict[tuple[str, str, int], list[Reader]] = {}
    for reader in readers:
        if not reader.source.name.startswith(_STOCK):
            place = reader.source.locate(0)
            uses.setdefault((place.name, reader.source.text, place.line), []).append(reader)
    for same in uses.values():
        first = same[0]
        arms = arms_of(same, readers, schema, lets)
        if arms:
            shown = tuple(
                columns.shown(r.name) if r.name in program.blocks else columns.mailed() for r in same
            )
            blocks = tuple(dict.fromkeys(r.name for r in same if r.name in program.blocks))
            whole = AnyOf(shown) if len(shown) > 1 else shown[0]
            yield Written(first.source, first.name, arms, whole, blocks)


def arms_of(
    same: Sequence[Reader], readers: Sequence[Reader], schema: Schema, lets: Mapping[str, Value]
) -> tuple[LiquidArm, ...]:
    """The branches of a template that several blocks may use."""
    first, names = same[0], {reader.name for reader in same}
    template = parsed(first.source, "html" if first.html else "text", first.slots)
    filled = frozenset(r.fills for r in readers if r.fills is not None and r.name in names)
    return () if template is None else liquid_arms(template, schema, lets, filled)


def let_values(readers: Sequence[Reader], schema: Schema) -> dict[str, Value]:
    """What the lets of a campaign stand for, as far as rules can say it."""
    found: dict[str, Value] = {}
    for reader in readers:
        template = parsed(reader.source, "none") if reader.name.startswith("let ") else None
        if template is not None:
            name = reader.name.removeprefix("let ")
            found[name] = let_value(template, Conditions(schema, lets=dict(found)))
    return found


def unreachable_branches(
    readers: Sequence[Reader], program: DecisionProgram, prover: Prover
) -> Iterator[Diagnostic]:
    """A warning for each branch that nobody reaches who gets its template, and a note on those that rules cannot say."""
    for one in written(readers, program):
        dead: list[LiquidArm] = []
        unsaid: list[LiquidArm] = []
        if isinstance(prover.ask(one.shown), Nobody):
            continue
        for arm in one.arms:
            if arm.around in dead or arm.around in unsaid:
                (dead if arm.around in dead else unsaid).append(arm)
                continue
            answer = prover.ask(AllOf((one.shown, arm.reached.may)))
            if isinstance(answer, Nobody):
                dead.append(arm)
                yield _unreachable(one, arm, prover)
            elif isinstance(answer, Undecided):
                what = f"anybody who gets `{one.name}` reaches `{arm.written}`"
                yield diagnose("MW930", one.source, arm.span, what=what, reason=answer.reason)
            elif arm.reached.unsaid and not is_reached(one, arm, prover):
                unsaid.append(arm)
        yield from _unsaid(one, unsaid)


def is_reached(one: Written, arm: LiquidArm, prover: Prover) -> bool:
    """Whether it is certain that somebody reaches a branch, though its condition is not said in full."""
    return isinstance(prover.ask(surely(one, arm)), Found)


def surely(one: Written, arm: LiquidArm) -> Question:
    """That somebody gets a template and reaches a branch for certain."""
    return AllOf((one.shown, NotSo(arm.reached.may_not)))


def _unreachable(one: Written, arm: LiquidArm, prover: Prover) -> Diagnostic:
    """Illustrated by somebody who gets the template, and another branch of it."""
    who = Findings(prover).example(one.shown)
    shown_by = None if who is None else who.as_json()
    return diagnose("MW922", one.source, arm.span, shown_by=shown_by, branch=arm.written, block=one.name)


def _unsaid(one: Written, arms: list[LiquidArm]) -> Iterator[Diagnostic]:
    own = [arm for arm in arms if arm.around not in arms]
    if own:
        related = tuple(Related("and this one", one.source, arm.span) for arm in own[1:])
        yield diagnose(
            "MW923", one.source, own[0].span, related=related, branch=own[0].written, block=one.name
        )
