"""Who gets to see what a rule found: somebody who is shown its block, and reaches its branch.

A finding in a block or under a condition is some recipients' only; a mail rendered for a sample may never show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from mailweave.campaign import Campaign
from mailweave.campaign.lint_settings import RULE_CODES
from mailweave.campaign.template_checks import Reader
from mailweave.diagnostics import Diagnostic
from mailweave.prove.arms import LiquidArm, reached_at
from mailweave.prove.branches import arms_of, let_values
from mailweave.prove.liquid_values import TRUE
from mailweave.prove.ways import campaign_readers
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.findings import Findings
from mailweave.rules.prover.prover import Prover
from mailweave.rules.prover.questions import AllOf, AnyOf, NotSo, Question

_MOST = 20
"""Findings that get a witness: more are not looked at one by one."""


def witnessed(campaign: Campaign, folder: Path, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings, those of rules with somebody who gets what they speak of, where intervals find one.

    What everybody gets has none: the layout, outside of conditions.
    """
    listed = tuple(found)
    asked = [
        one for one in listed if one.code in RULE_CODES and one.source is not None and one.witness is None
    ]
    if not asked:
        return listed
    search = _Search(campaign, folder)
    shown = {id(one): search.with_witness(one) for one in islice(asked, _MOST)}
    return tuple(shown.get(id(one), one) for one in listed)


class _Search:
    def __init__(self, campaign: Campaign, folder: Path) -> None:
        self._program = campaign.decisions
        self._readers = campaign_readers(folder, campaign.decisions)
        self._lets = let_values(self._readers, campaign.decisions.document.schema)
        document = campaign.decisions.document
        self._columns = Columns(document)
        self._known: dict[int, tuple[LiquidArm, ...]] = {}
        self._findings = Findings(Prover(document, with_smt=False))

    def with_witness(self, found: Diagnostic) -> Diagnostic:
        """The finding with somebody who shows it, if one is found."""
        questions = list(self._questions(found))
        if not questions:
            return found
        who = self._findings.example(questions[0] if len(questions) == 1 else AnyOf(tuple(questions)))
        return found if who is None else replace(found, witness=who.as_json())

    def _questions(self, found: Diagnostic) -> Iterator[Question]:
        """That somebody gets the place of a finding, by each block that shows its template."""
        for same in self._same(found):
            reached = reached_at(self._arms(same), self._offset(same, found))
            shown = self._shown(same)
            if reached is not TRUE:
                yield AllOf((shown, NotSo(reached.may_not)))
            elif same.name in self._program.blocks:
                yield shown

    def _arms(self, reader: Reader) -> tuple[LiquidArm, ...]:
        """The branches of a template, worked out once for all that is found in it."""
        if id(reader) not in self._known:
            schema = self._program.document.schema
            self._known[id(reader)] = arms_of([reader], self._readers, schema, self._lets)
        return self._known[id(reader)]

    def _same(self, found: Diagnostic) -> list[Reader]:
        place = found.location
        return [
            one for one in self._readers if one.html and place is not None and one.source.name == place.name
        ]

    def _shown(self, reader: Reader) -> Question:
        mailed = self._columns.mailed()
        return self._columns.shown(reader.name) if reader.name in self._program.blocks else mailed

    def _offset(self, reader: Reader, found: Diagnostic) -> int:
        """Where a finding stands in the text as its author wrote it: rules look at one with the theme in it."""
        place = found.location
        assert place is not None, "it was found by its place"
        lines = reader.source.text.split("\n")
        return sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1
