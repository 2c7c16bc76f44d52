"""Templates inlined once, judged after rendering: what a recipient gets equals what rendering alone gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from liquid.exceptions import LiquidError

from liquid import Environment
from mailweave.content.inliner import inline_campaign
from mailweave.source import Source
from tests.inlining.liquid import Data, Slotted
from tests.inlining.oracle import Judge
from tests.inlining.verdicts import Inliner, Verdict, inlined, ours

ENVIRONMENT = Environment(autoescape=True)
SLOT = re.compile(r"\{%-?\s*slot\s+[\"'](\w+)[\"']\s*-?%\}")


def rendered_verdicts(
    judge: Judge, named: Iterable[tuple[str, str]], people: Sequence[Data], inliner: Inliner = ours
) -> list[Verdict]:
    """The verdict over each template: equal only if it is for all of these people."""
    return judged(judge, [_of_template(name, text, people, inliner) for name, text in named])


def slotted_verdicts(judge: Judge, given: Iterable[Slotted], people: Sequence[Data]) -> list[Verdict]:
    """The verdict over each layout and its blocks, each block in its slot for each person."""
    return judged(judge, [_of_slotted(one, people) for one in given])


@dataclass(frozen=True, slots=True)
class Rendered:
    """A verdict that holds unless one of the pairs differs."""

    verdict: Verdict
    pairs: Sequence[tuple[str, str]] = ()


def judged(judge: Judge, rendered: Sequence[Rendered]) -> list[Verdict]:
    """The verdicts, after a look at all pairs of all of them."""
    looked = iter(judge.compared([pair for one in rendered for pair in one.pairs]))
    out = []
    for one in rendered:
        found = tuple(d for _ in one.pairs for some in next(looked) for d in some)
        out.append(replace(one.verdict, kind="wrong", differences=found) if found else one.verdict)
    return out


def _of_template(name: str, text: str, people: Sequence[Data], inliner: Inliner) -> Rendered:
    made, error = inlined(text, inliner)
    if error:
        return Rendered(Verdict(name, "crashed", text, text, (), (error,)))
    if not made.exact:
        return Rendered(Verdict(name, "reported", text, made.source, (), made.findings))
    try:
        first, after = ENVIRONMENT.from_string(text), ENVIRONMENT.from_string(made.source)
    except LiquidError as broken:  # a template, or what was made of it, is no Liquid
        return Rendered(Verdict(name, "crashed", text, made.source, (), (f"LiquidError: {broken}",)))
    pairs = [(first.render(**one), after.render(**one)) for one in people]
    return Rendered(Verdict(name, "equal", text, made.source, (), made.findings), pairs)


def _of_slotted(given: Slotted, people: Sequence[Data]) -> Rendered:
    name = f"layout {given.seed}"
    named = {
        slot: {f"{slot}{at}": Source(f"{slot}{at}.html", text) for at, text in enumerate(some)}
        for slot, some in given.blocks.items()
    }
    texts = {key: source.text for some in named.values() for key, source in some.items()}
    shown = "\n\n".join((given.layout, *texts.values()))
    try:
        done = inline_campaign(Source("layout.html", given.layout), "", named)
    except Exception as error:  # noqa: BLE001  whatever is raised is a verdict
        return Rendered(Verdict(name, "crashed", shown, shown, (), (f"{type(error).__name__}: {error}",)))
    kind, findings = "equal" if done.exact else "reported", tuple(map(str, done.diagnostics))
    verdict = Verdict(name, kind, shown, "\n\n".join((done.layout, *done.blocks.values())), (), findings)
    pairs = [
        (filled(given.layout, texts, chosen, one), filled(done.layout, done.blocks, chosen, one))
        for chosen in choices(named)
        for one in people
    ]
    return Rendered(verdict, pairs if done.exact else ())


def choices(named: Mapping[str, Mapping[str, Source]]) -> Iterator[dict[str, str]]:
    """A block for each slot, so that each candidate is in its slot at least once, and all slots are once empty."""
    yield dict.fromkeys(named, "")
    for at in range(max(map(len, named.values()))):
        yield {slot: list(some)[at % len(some)] for slot, some in named.items()}


def filled(layout: str, blocks: Mapping[str, str], chosen: Mapping[str, str], data: Data) -> str:
    """The mail of one recipient, its slots filled with rendered blocks."""
    slots = {
        slot: ENVIRONMENT.from_string(blocks.get(key, "")).render(**data) for slot, key in chosen.items()
    }
    text = SLOT.sub(lambda m: f"{{{{ slots.{m[1]} | safe }}}}", layout)
    return ENVIRONMENT.from_string(text).render(**data, slots=slots)
