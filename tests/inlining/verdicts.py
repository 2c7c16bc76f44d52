"""What the judge says of an inliner over many documents: equal, wrong, reported, crashed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from mailweave.content import inline_once
from tests.inlining.oracle import WIDTHS, Difference, Judge

# used values: they differ because something else does, so they are told last
FOLLOWS = ("width", "height", "top", "left", "bottom", "right", "aspect-ratio", "block-size", "inline-size")


@dataclass(frozen=True, slots=True)
class Inlining:
    """What an inliner made of a text; `exact` is its own word that nothing changed."""

    source: str
    exact: bool = True
    findings: tuple[str, ...] = ()


Inliner = Callable[[str], Inlining]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement over one text.

    `kind` is `equal`, `wrong` (called exact, and differs), `reported` (not called exact) or `crashed`.
    """

    name: str
    kind: str
    before: str
    after: str
    differences: tuple[Difference, ...] = ()
    findings: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        said = telling(self.differences) if self.differences else "; ".join(self.findings)
        return f"{self.name}: {self.kind}: {said}"


def ours(text: str) -> Inlining:
    """The product."""
    done = inline_once(text)
    said = tuple(f"{one.code} {one.location}: {one.message}" for one in done.diagnostics)
    return Inlining(done.source, done.exact, said)


def telling(differences: Sequence[Difference]) -> Difference:
    """The difference that says most: a value that was set, not one that follows in the layout."""
    return min(differences, key=lambda d: (d.property in FOLLOWS, d.path in ("html", "html > body")))


def inlined(text: str, inliner: Inliner = ours) -> tuple[Inlining, str]:
    """What came out, and the name of the exception if that is what came."""
    try:
        return inliner(text), ""
    except Exception as error:  # noqa: BLE001  whatever an inliner raises is a verdict on it
        return Inlining(text, False), f"{type(error).__name__}: {error}"


def verdicts(
    judge: Judge,
    named: Iterable[tuple[str, str]],
    inliner: Inliner = ours,
    *,
    widths: Sequence[int] = WIDTHS,
    hooks: bool = True,
) -> list[Verdict]:
    """The verdict over each text, given with its name."""
    texts = list(named)
    done = [inlined(text, inliner) for _, text in texts]
    pairs = [(text, made.source) for (_, text), (made, _) in zip(texts, done, strict=True)]
    found = judge.compared(pairs, widths, hooks=hooks)
    return [
        _verdict(name, text, made, error, differences)
        for (name, text), (made, error), (differences,) in zip(texts, done, found, strict=True)
    ]


def _verdict(name: str, text: str, made: Inlining, error: str, differences: Sequence[Difference]) -> Verdict:
    if error:
        return Verdict(name, "crashed", text, text, (), (error,))
    kind = "reported" if not made.exact else "wrong" if differences else "equal"
    return Verdict(name, kind, text, made.source, tuple(differences), made.findings)


def counted(judged: Iterable[Verdict]) -> Counter[str]:
    return Counter(one.kind for one in judged)


def told(judged: Iterable[Verdict], kinds: str = "wrong crashed", most: int = 10) -> str:
    """The first few verdicts of these kinds, a line each, for an assertion to print."""
    lines = [str(one) for one in judged if one.kind in kinds.split()]
    return "\n".join(["", *lines[:most], f"({len(lines)} in all)"])
