"""A compiled rule text that decides: who gets which blocks, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any, TypeAlias

from mailweave.decisions.columns import decide
from mailweave.decisions.drawing import Table
from mailweave.decisions.experiments import exposures, on_constants, try_experiments
from mailweave.decisions.explanation import Explanation
from mailweave.decisions.plan import BlockPlan, DecisionPlan, SlotPlan
from mailweave.decisions.planner import needs_of, plan_of
from mailweave.decisions.recipient import Recipient
from mailweave.decisions.selection import Selection, Skip
from mailweave.decisions.selector import MaskPlan, Selector
from mailweave.diagnostics import Diagnostic
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.compiler import compile_checked
from mailweave.rules.context import Context as Ready
from mailweave.rules.lists import knowing
from mailweave.rules.program import Evaluation, Program
from mailweave.rules.validation import BadData, ValidatedRecipient, moment_of
from mailweave.source import Source

Profile: TypeAlias = Mapping[str, Any]
Events: TypeAlias = Iterable[Mapping[str, Any]]
Context: TypeAlias = Mapping[str, Any]
Arms: TypeAlias = Mapping[str, str]


class DecisionProgram:
    """Slots, blocks and how they are chosen. Made by `compile_decisions`; safe to share between threads.

    program: the rules behind it. slots: those of the text, in file order. blocks: by name, with
    conditions and consents. diagnostics: warnings and notes of the check.
    """

    def __init__(
        self,
        document: CheckedDocument,
        program: Program,
        plan: DecisionPlan,
        diagnostics: tuple[Diagnostic, ...] = (),
    ) -> None:
        self.document, self.program, self.plan, self.diagnostics = document, program, plan, diagnostics
        self._selector = Selector(plan)
        self._last_moment: tuple[datetime | str, int] = ("", 0)

    @classmethod
    def of(
        cls, document: CheckedDocument, diagnostics: tuple[Diagnostic, ...] = (), *, partial: bool = False
    ) -> DecisionProgram:
        """Compiles a checked text; with `partial`, required data may be absent and reads as missing."""
        needs = needs_of(document)
        program = compile_checked(document, conditions=needs.conditions, values=needs.values, partial=partial)
        return cls(document, program, plan_of(document, program.bits), diagnostics)

    def knowing(self, context: Mapping[str, Any]) -> DecisionProgram:
        """The same with what a snapshot says of its lists, for proofs: decisions are the same, whatever it says."""
        schema = knowing(self.document.schema, context)
        if schema is self.document.schema:
            return self
        return DecisionProgram(
            replace(self.document, schema=schema), self.program, self.plan, self.diagnostics
        )

    def learned(self, tables: Mapping[str, Table]) -> DecisionProgram:
        """The same with what was learned, by slot: how columns of the policy `learned` draw."""
        plan = plan_of(self.document, self.program.bits, tables)
        return DecisionProgram(self.document, self.program, plan, self.diagnostics)

    @property
    def name(self) -> str:
        """The name in the text's `ruleset`."""
        return self.document.name

    @property
    def version(self) -> int:
        """The author's number in the text's `ruleset`."""
        return self.document.version

    @property
    def source(self) -> Source:
        """The text of the rules, and what it is called."""
        return self.document.source

    @property
    def slots(self) -> tuple[SlotPlan, ...]:
        """The slots, in the order of the rules."""
        return self.plan.slots

    @property
    def blocks(self) -> Mapping[str, BlockPlan]:
        """The blocks by name."""
        return self.plan.blocks

    def select(
        self,
        profile: Profile | ValidatedRecipient,
        *,
        events: Events = (),
        now: datetime | str,
        context: Context | None = None,
        arms: Arms | None = None,
        answers: int | None = None,
    ) -> Selection | Skip:
        """One recipient's blocks for every slot, or why there is no mail.

        profile: a mapping of declared attributes with `consent`, `scores` and `lists` beside them, or
        what `program.admit` made of it. events: mappings with `type`, `at` and their properties.
        now: a datetime with a zone, or ISO 8601 text with one. context: `lookups` and `catalogs`.
        arms: experiment to arm, for previews and tests: it stands in for hash and holdout, and
        experiments it does not name are off. answers: the mask of this recipient at `now`, where the rules were
        evaluated before (see `rules.Bits`); events that only they read may then be left out.

        Data that breaks the schema gives Skip("bad_data", ..). Raises ValueError for a `now` without a
        zone and for arms that do not exist.
        """
        if arms is not None:
            self._check(arms)
        try:
            admitted = self.admit(profile, events, now, context)
        except BadData as bad:
            return Skip("bad_data", str(bad), bad.field)
        return self.decide(admitted, arms, answers)

    def _check(self, arms: Arms) -> None:
        known = {e.name: [arm.name for arm in e.arms] for e in self.plan.all_experiments}
        for experiment, arm in arms.items():
            if arm not in known.get(experiment, ()):
                raise ValueError(f"no arm {arm!r} in experiment {experiment!r}: there are {known}")

    def admit(
        self,
        profile: Profile | ValidatedRecipient,
        events: Events,
        now: datetime | str,
        context: Context | Ready | None,
        *,
        shown: bool = False,
    ) -> ValidatedRecipient:
        """The recipient at `now`, validated unless that is done; `shown` as `Program.admit` takes it.

        Raises BadData and ValueError.
        """
        moment = self._moment(now)
        if isinstance(profile, ValidatedRecipient):
            return profile.at(moment)
        return self.program.admit(profile, events, context=context, now=moment, shown=shown)

    def _moment(self, now: datetime | str) -> int:
        """`now` in microseconds; a list of recipients is decided at one moment, so the last one is kept."""
        last, moment = self._last_moment
        if last is not now:
            moment = moment_of(now)
            self._last_moment = (now, moment)
        return moment

    def decide(
        self, admitted: ValidatedRecipient, arms: Arms | None = None, answers: int | None = None
    ) -> Selection | Skip:
        """`select` for a recipient at the moment for which they are admitted."""
        if self.plan.constants:
            return self._decide_varied(admitted, arms, answers)
        mask = self.program.mask(admitted) if answers is None else answers
        found = self._selector.mask_plan(mask, admitted.now)
        if found.skip is not None:
            return found.skip
        evaluate = partial(self.program.evaluation_of, mask)
        if found.trial is not None and arms is None:
            variant = found.trial.variant(admitted.attributes[found.trial.experiment.unit])
            told = (variant.arms, variant.unexposed)
            return Selection(variant.blocks, found.reasons, evaluate, *told, found.draws)
        if not found.open and not found.on_trial:
            return Selection(found.blocks, found.reasons, evaluate, draws=found.draws)
        return self._decide_rest(mask, found, Recipient(self.program, admitted), evaluate, arms)

    def _decide_varied(
        self, admitted: ValidatedRecipient, arms: Arms | None, answers: int | None
    ) -> Selection | Skip:
        """`decide` where experiments vary constants: the mask holds what arms decide, and everybody is counted."""
        if arms is not None:
            admitted, answers = admitted.in_arms(arms), None
        mask = self.program.mask(admitted) if answers is None else answers
        chosen = self._without_constants.decide(admitted, arms, mask)
        if isinstance(chosen, Skip):
            return chosen
        counted, unexposed = exposures(on_constants(self.plan, mask, admitted))
        told = {**chosen.arms, **counted}, {**chosen.unexposed, **unexposed}
        return Selection(chosen.blocks, chosen.reasons, lambda: chosen.evaluation, *told, chosen.draws)

    @cached_property
    def _without_constants(self) -> DecisionProgram:
        """The same, which chooses by a mask and counts for experiments on blocks alone."""
        plan = replace(self.plan, constants=())
        return DecisionProgram(self.document, self.program, plan, self.diagnostics)

    def _decide_rest(
        self,
        mask: int,
        found: MaskPlan,
        live: Recipient,
        evaluate: Callable[[], Evaluation],
        arms: Arms | None,
    ) -> Selection:
        """What the mask leaves open: live columns, and experiments on what was chosen."""
        blocks, reasons, draws = dict(found.blocks), found.reasons, dict(found.draws)
        on_trial = list(found.on_trial)
        if found.open:
            reasons = dict(reasons)
            for column in found.open:
                name = column.slot.name
                blocks[name], reasons[name], draw = decide(column, self.plan.blocks, live)
                if draw is not None:
                    draws[name] = draw
                on_trial.append(name)
        trials = []
        for name in on_trial:
            blocks[name], met = try_experiments(blocks[name], self.plan, mask, live, arms)
            trials += met
        if not trials:
            return Selection(blocks, reasons, evaluate, draws=draws)
        return Selection(blocks, reasons, evaluate, *exposures(trials), draws)

    def explain(
        self,
        profile: Profile,
        *,
        events: Events = (),
        now: datetime | str,
        context: Context | None = None,
        arms: Arms | None = None,
        show_pii: bool = False,
    ) -> Explanation:
        """Why: for every candidate of every slot, whether it won or lost, and by what.

        Takes what `select` takes, the profile as it came. Values of attributes labelled `pii` are masked,
        unless `show_pii`.
        """
        from mailweave.decisions.explanation.explain import explain

        if arms is not None:
            self._check(arms)
        return explain(self, profile, events=events, now=now, context=context, arms=arms, show_pii=show_pii)

    def refused(self, skip: Skip, now: datetime) -> Explanation:
        """The explanation of a recipient whose data was refused before any rule was asked."""
        from mailweave.decisions.explanation.explain import refused

        return refused(self, skip.reason, now.isoformat())
