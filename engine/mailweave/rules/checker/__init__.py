"""From a tree to a checked document: names, types, meaning, all findings at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from mailweave.diagnostics import Diagnostic, ordered
from mailweave.rules import checked as c
from mailweave.rules import nodes as n
from mailweave.rules.checker import cost, lints, preamble
from mailweave.rules.checker.choice import Choices
from mailweave.rules.checker.consequences import without_consequences
from mailweave.rules.checker.constant_experiments import ConstantExperiments, check_reach
from mailweave.rules.checker.content import Contents
from mailweave.rules.checker.declarations import Declarations
from mailweave.rules.checker.drawing import Draws
from mailweave.rules.checker.experiments import Experiments
from mailweave.rules.checker.expressions import Expressions
from mailweave.rules.checker.findings import Findings
from mailweave.rules.checker.imports import check_imports
from mailweave.rules.checker.literals import Literals
from mailweave.rules.checker.names import collect
from mailweave.rules.checker.proofs import prove
from mailweave.rules.checker.scope import TOP
from mailweave.rules.checker.segments import People, order
from mailweave.rules.checker.tests import TestReader
from mailweave.rules.checker.triggered import mail_names, with_triggered
from mailweave.rules.checker.triggers import Starts
from mailweave.rules.checker.waits import Groups, Waits

N = TypeVar("N", bound=n.Node)
P = TypeVar("P", bound=c.Part)


@dataclass(frozen=True, slots=True)
class Checked:
    """A document without errors, or None; and every finding, sorted."""

    document: c.CheckedDocument | None
    diagnostics: tuple[Diagnostic, ...]


def check(document: n.Document, *, proofs: bool = True) -> Checked:
    """Checks names, types and meaning of a rule text. Never raises: findings are diagnostics.

    Without `proofs`, what is proved is left to whoever asks (see mailweave.rules.prover).

    What a text with mistakes of syntax has lost is not called unknown; such a text yields no document.

    >>> from mailweave.rules.parser import parse
    >>> from mailweave.source import Source
    >>> text = "profile {\\n  orders : int\\n}\\nsegment a = order >= 1"
    >>> [d.message for d in check(parse(Source("a.rules", text)).document).diagnostics]
    ['unknown name `order`']
    """
    findings = Findings(document.source)
    checked = _Check(document, findings).run(proofs=proofs)
    sound = not findings.failed and document.sound
    found = without_consequences(findings.found, document, failed=findings.failed)
    return Checked(checked if sound else None, ordered(found))


class _Check:
    """One run over one document."""

    def __init__(self, document: n.Document, findings: Findings) -> None:
        document = with_triggered(document, findings)
        self.document = document
        self.findings = findings
        self.names = collect(document, findings)
        self.names.is_whole = check_imports(document, findings)
        self.preamble = preamble.read(document, findings, self.names)
        self.declarations = Declarations(
            findings, self.names, Literals(findings, self.preamble.timezone.zone)
        )
        self.schema = preamble.schema(document, self.preamble, self.declarations)
        self.expressions = Expressions(self.names, self.schema, self.declarations)

    def all(self, kind: type[N]) -> list[N]:
        """The statements of a kind, in file order."""
        return [statement for statement in self.document.statements if isinstance(statement, kind)]

    def run(self, *, proofs: bool) -> c.CheckedDocument:
        """The document as far as it could be read; what was at fault is left out."""
        people = People(self.expressions)
        draws = Draws(people)
        constants = ConstantExperiments(people, draws).read(self.all(n.ConstantExperiment))
        for let in self.all(n.Let):
            if not let.parameters and self.names.values.kind(let.name.id) == "let":
                self.expressions.inliner.let(let.name.id, (), let.name.span, TOP)
        self.expressions.varying.used.clear()
        segments = _by_name(people.segment(node) for node in self.all(n.Segment))
        tiers = _by_name(people.tier(node) for node in self.all(n.Tier))
        skips = _by_name(people.skip(node) for node in self.all(n.Skip))
        content = self._content(people, draws, constants)
        tests = TestReader(self.expressions)
        checked = c.CheckedDocument(
            self.document,
            self.preamble.name,
            self.preamble.version,
            self.preamble.budget,
            self._steps(segments, tiers, skips, content),
            self.schema,
            segments,
            tiers,
            order(segments, tiers, self.expressions),
            tuple(skips.values()),
            content,
            tuple(test for node in self.all(n.Test) if (test := tests.test(node)) is not None),
            self._triggers(people, draws, Groups(segments, tiers)),
        )
        check_reach(checked, self.findings)
        if proofs and not self.findings.failed:
            prove(checked, self.findings)
        lints.add(checked, self.names, self.findings)
        return checked

    def _content(
        self, people: People, draws: Draws, constants: Mapping[str, c.ConstantExperiment]
    ) -> c.Content:
        contents = Contents(people, self.preamble.timezone.zone)
        choices = Choices(contents)
        slots = _by_name(contents.slot(node) for node in self.all(n.Slot))
        blocks = _by_name(contents.block(node) for node in self.all(n.Block))
        matrices = [choices.matrix(node) for node in self.all(n.Matrix)]
        choices.check_slots(self.all(n.Slot), alone=not matrices)
        overrides = [choices.override(node) for node in self.all(n.Override)]
        found = tuple(override for override in overrides if override is not None)
        choices.check_circles(found)
        experiments = _by_name(map(Experiments(contents, draws).experiment, self.all(n.Experiment)))
        draws.check_salts(self.document.statements)
        made = tuple(matrix for matrix in matrices if matrix is not None)
        return c.Content(slots, blocks, made, found, experiments, constants)

    def _triggers(self, people: People, draws: Draws, groups: Groups) -> c.Triggers:
        starts = Starts(people)
        found = _by_name(starts.trigger(node) for node in self.all(n.Trigger))
        caps = tuple(starts.cap(node) for node in self.all(n.MailCap))
        mails = {name.id for name in mail_names(self.document)}
        waits = Waits(draws, found, groups, mails)
        experiments = _by_name(map(waits.experiment, self.all(n.WaitExperiment)))
        quiet = starts.quiet(self.all(n.QuietHours))
        return c.Triggers(tuple(found.values()), quiet, caps, experiments)

    def _steps(
        self,
        segments: Mapping[str, c.Segment],
        tiers: Mapping[str, c.Tier],
        skips: Mapping[str, c.Skip],
        content: c.Content,
    ) -> int:
        steps, (dearest, most) = cost.total(segments.values(), tiers.values(), skips.values(), content)
        node, limit = self.preamble.budget_node, self.preamble.budget
        if node is not None and limit is not None and steps > limit:
            self.findings.report("MW270", node.span, steps=steps, limit=limit, dearest=dearest, most=most)
        return steps


def _by_name(parts: Iterable[P | None]) -> dict[str, P]:
    found: dict[str, P] = {}
    for part in parts:
        if part is not None:
            found.setdefault(part.name, part)
    return found
