"""Whether two questions, one about each side, mean the same: proved, refuted by somebody, or undecided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mailweave.decisions import DecisionProgram, Selection, Skip, compile_decisions_checked
from mailweave.diff.claims import EVERYBODY, Claim, SideName, Words, everybody
from mailweave.diff.union import Union, View
from mailweave.rules import typed as x
from mailweave.rules.prover.prover import Answer, Found, Nobody, Prover, Undecided
from mailweave.rules.prover.questions import AllOf, AnyOf, Holds, NotSo, Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.replay import Gate, Replay, known_context
from mailweave.schema import types as t
from mailweave.schema.types import Bool
from mailweave.source import Span

_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody for whom one side says yes and the other no; `refused` names the side that refuses their data."""

    recipient: Recipient
    refused: SideName | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who is in one side alone, and what could not be decided. Neither: the two mean the same, proved."""

    only_old: Witness | None = None
    only_new: Witness | None = None
    undecided: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether it is proved that the two mean the same."""
        return not (self.only_old or self.only_new or self.undecided)


PROVED_SAME = Verdict()


@dataclass(slots=True)
class Judge:
    """Compares what two sides say. now: the moment of examples. budget: milliseconds for one question."""

    union: Union
    now: int
    budget: int
    prover: Prover = field(init=False)
    _programs: dict[SideName, DecisionProgram] = field(default_factory=dict)
    _gates: dict[SideName, Gate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.prover = Prover(self.union.document, self.now, self.budget)

    def view(self, side: SideName) -> View:
        """One of the two."""
        return self.union.old if side == "old" else self.union.new

    def words(self, side: SideName, *, own: bool) -> Words:
        """How to speak of a side: `own`, as it is compiled."""
        view = self.view(side)
        document = view.own if own else view.joined
        return Words(document, view.own_columns if own else view.joined_columns, view, own)

    def compare(
        self,
        old: Claim,
        new: Claim,
        within: Claim = everybody,
        stands: Callable[[SideName, Recipient], bool] | None = None,
    ) -> Verdict:
        """Whether two claims are so of the same recipients, among those `within` on both sides.

        `stands` judges an example of one side in place of the replay of the claims.
        """
        why = self._why_apart(old, new, within)
        if why is not None:
            return Verdict(undecided=(why,))
        asked = _Asked(self, old, new, within, stands)
        found = asked.verdict(wider=False)
        return asked.verdict(wider=True) if found.is_same and self._declared_otherwise() else found

    def somebody(self, side: SideName, claim: Claim) -> Witness | Nobody | Undecided:
        """An example of one side alone, of what the other does not have."""
        view = self.view(side)
        why = view.why_apart(claim(self.words(side, own=True)))
        if why is not None:
            return Undecided(why)
        question = AllOf((view.admits, claim(self.words(side, own=False))))
        answer = self.prover.ask(question)
        if not isinstance(answer, Found):
            return answer
        found = self.prover.plain(question, answer.recipient)
        return Witness(found) if self.is_so(side, claim, found) else Undecided(_NO_STAND)

    def both(self, claim: Claim) -> Question | None:
        """That a claim is so on both sides; None where it cannot be compared."""
        if self._why_apart(claim, claim, everybody) is not None:
            return None
        sides = (self.words("old", own=False), self.words("new", own=False))
        return AllOf((self.union.old.admits, self.union.new.admits, *map(claim, sides)))

    def differing(self, old: x.Expr, new: x.Expr) -> Verdict:
        """Whether two values, each of one side, are equal for every recipient that both admit."""
        why = self._why_apart(
            lambda words: words.condition(old), lambda words: words.condition(new), everybody
        )
        mine, yours = self.union.old.retyping(old), self.union.new.retyping(new)
        if why is None and (mine.type != yours.type or not isinstance(mine.type, _COMPARED)):
            why = f"it was {mine.type} and is {yours.type}, which cannot be compared"
        if why is not None:
            return Verdict(undecided=(why,))
        question = AllOf((self.union.old.admits, self.union.new.admits, _differ(mine, yours)))
        return self._shown(question, self.prover.ask(question))

    def _shown(self, question: Question, answer: Answer) -> Verdict:
        if isinstance(answer, Nobody):
            return Verdict()
        if isinstance(answer, Undecided):
            return Verdict(undecided=(answer.reason,))
        found = self.prover.plain(question, answer.recipient)
        stands = Replay(self.union.document, [question]).is_so(question, found)
        return Verdict(only_new=Witness(found)) if stands else Verdict(undecided=(_NO_STAND,))

    def _why_apart(self, old: Claim, new: Claim, within: Claim) -> str | None:
        for side, claim in self.sides(old, new):
            words = self.words(side, own=True)
            why = self.view(side).why_apart(AllOf((claim(words), within(words))))
            if why is not None:
                return why
        return None

    @staticmethod
    def sides(old: Claim, new: Claim) -> tuple[tuple[SideName, Claim], tuple[SideName, Claim]]:
        """Both claims with their sides."""
        return ("old", old), ("new", new)

    def _declared_otherwise(self) -> bool:
        return any(view.admits != EVERYBODY for view in (self.union.old, self.union.new))

    # ---- replay, by each side's own compiled rules

    def is_so(self, side: SideName, claim: Claim, recipient: Recipient) -> bool:
        """Whether a side says so of a recipient; not of one whose data it refuses."""
        question = claim(self.words(side, own=True))
        return Replay(self.view(side).own, [question]).is_so(question, recipient)

    def refuses(self, side: SideName, recipient: Recipient) -> bool:
        """Whether a side refuses a recipient's data."""
        if side not in self._gates:
            self._gates[side] = Gate(self.view(side).own)
        return not self._gates[side].admits(recipient)

    def selected(self, side: SideName, recipient: Recipient) -> Selection | Skip:
        """What a side chooses for a recipient, before any experiment."""
        if side not in self._programs:
            self._programs[side] = compile_decisions_checked(self.view(side).own)
        return self._programs[side].select(
            recipient.profile,
            events=recipient.events,
            now=recipient.moment,
            context=known_context(self.view(side).own, recipient),
            arms={},
        )


_COMPARED = (
    t.Text, t.Key, t.Bool, t.Int, t.Number, t.Ratio, t.Money, t.Date, t.Instant, t.Duration, t.Enum, t.Zone
)  # fmt: skip


def _differ(one: x.Expr, other: x.Expr) -> Question:
    """That two values are not the same, or only one of them is known."""
    unequal = Holds(x.Compare(_NOWHERE, Bool(), True, one, "!=", other))
    known = [Holds(x.Known(_NOWHERE, Bool(), False, each)) for each in (one, other)]
    return AnyOf((unequal, *(AllOf((known[at], NotSo(known[1 - at]))) for at in (0, 1))))


_NO_STAND = "no example stands when it is replayed"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One comparison, both ways round."""

    judge: Judge
    old: Claim
    new: Claim
    within: Claim
    stands: Callable[[SideName, Recipient], bool] | None

    def verdict(self, *, wider: bool) -> Verdict:
        """`wider`: also among the recipients whose data one of the sides refuses."""
        found = [self._only(side, wider) for side in ("old", "new")]
        witnesses = [each if isinstance(each, Witness) else None for each in found]
        open_ = dict.fromkeys(each.reason for each in found if isinstance(each, Undecided))
        return Verdict(witnesses[0], witnesses[1], tuple(open_))

    def _only(self, side: SideName, wider: bool) -> Witness | Nobody | Undecided:
        """Somebody of whom `side` says yes and the other no."""
        other: SideName = "new" if side == "old" else "old"
        question = self._question(side, other, wider)
        answer = self.judge.prover.ask(question)
        if not isinstance(answer, Found):
            return answer
        found = self.judge.prover.plain(question, answer.recipient)
        if not self._replayed(side, other, found):
            return Undecided(_NO_STAND)
        return Witness(found, other if self.judge.refuses(other, found) else None)

    def _question(self, side: SideName, other: SideName, wider: bool) -> Question:
        judge = self.judge
        mine, yours = judge.words(side, own=False), judge.words(other, own=False)
        claims = {"old": self.old, "new": self.new}
        parts = [judge.view(side).admits, self.within(mine), claims[side](mine), NotSo(claims[other](yours))]
        return AllOf(tuple(parts if wider else [judge.view(other).admits, self.within(yours), *parts]))

    def _replayed(self, side: SideName, other: SideName, found: Recipient) -> bool:
        if self.stands is not None:
            return self.stands(side, found)
        claims = {"old": self.old, "new": self.new}
        mine, yours = claims[side], claims[other]
        return self.judge.is_so(side, mine, found) and not self.judge.is_so(other, yours, found)
