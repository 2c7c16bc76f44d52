"""A contract against what is declared: names, types, consents, holes, and what nobody reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from mailweave.diagnostics import Diagnostic, closest, diagnose, did_you_mean, ordered
from mailweave.liquid.contract.bearing import misuse, odd_list, wrong_member
from mailweave.liquid.contract.contract import Contract
from mailweave.liquid.contract.model import ANY, ITEM, REST, Occurrence, Path, Read, str_path
from mailweave.liquid.contract.shapes import Found, Shape, resolve, roots_of
from mailweave.liquid.filters.signature import Use
from mailweave.liquid.habits import MEMBERS_MEANT, ROOTS_MEANT
from mailweave.schema.model import Schema
from mailweave.schema.types import Key
from mailweave.source import Source, Span

OnMissing: TypeAlias = Literal["strict", "lenient", "default"]

_PRINTS = (Use.OUTPUT, Use.TEXT, Use.NUMBER, Use.MONEY, Use.DATE)
_DEEP = (*_PRINTS, Use.WHOLE, Use.COMPARED, Use.LIST, Use.SEARCHED)


def check_reads(
    contract: Contract,
    schema: Schema,
    *,
    consents: Collection[str] = frozenset(),
    roots: Mapping[str, Shape] | None = None,
    undefined: OnMissing = "lenient",
    has_consent_rule: bool = True,
) -> tuple[Diagnostic, ...]:
    """Findings about the data that a template reads.

    `consents` are those that its block requires of each recipient. `roots` adds to, or replaces, the
    names that the schema declares: `{"block": record(...)}`. `undefined` says what a missing value
    does when the template is rendered. `has_consent_rule` is False for texts that have no block to
    require a consent in, such as the layout: the help then says so.
    """
    known = {**roots_of(schema), **(roots or {})}
    check = _Check(known, frozenset(consents), undefined, has_consent_rule)
    found = [
        d for read in contract.reads for occurrence in read.occurrences for d in check.occurrence(occurrence)
    ]
    return ordered(_without_rivals(found, check.fine))


_Place: TypeAlias = tuple[str, Source, Span, Use]


def _without_rivals(found: Iterable[tuple[_Place | None, Diagnostic]], fine: set[_Place]) -> list[Diagnostic]:
    """Leaves out findings about a value that may also be an item of itself, and is fine as such:
    `include "p" with x` takes a list apart."""
    return [d for place, d in found if place is None or place not in fine]


class _Check:
    def __init__(
        self, roots: Mapping[str, Shape], consents: frozenset[str], undefined: OnMissing, in_block: bool
    ) -> None:
        self.roots, self.consents, self.undefined, self.in_block = roots, consents, undefined, in_block
        self.fine: set[_Place] = set()

    def occurrence(self, o: Occurrence) -> Iterator[tuple[_Place | None, Diagnostic]]:
        place = (str_path(o.path).replace(ITEM, ""), o.source, o.span, o.use)
        for found in resolve(o.path, self.roots):
            problems = list(self.shape(o, found))
            if not problems:
                self.fine.add(place)
            for problem in problems:
                yield place, problem
            if found.unknown is None:
                for problem in (*self.consent(o, found), *self.missing(o, found)):
                    yield None, problem

    # -- names and types

    def shape(self, o: Occurrence, found: Found) -> Iterator[Diagnostic]:
        if found.unknown is not None:
            yield self.unknown(o, found)
            return
        path = str_path(o.path)
        if misuse(found.last, o):
            yield diagnose("MW471", o.source, o.span, path=path, what=str(found.last), use=o.use.value)
        elif odd_list(found.last, o):
            yield diagnose("MW472", o.source, o.span, path=path)
        member = wrong_member(found.last, o)
        if member is not None:
            help = did_you_mean(o.literal or "", member)
            yield diagnose("MW477", o.source, o.span, path=path, value=o.literal, help=help)

    def unknown(self, o: Occurrence, found: Found) -> Diagnostic:
        assert found.unknown is not None
        name, holder = o.path[found.unknown], o.path[: found.unknown]
        here = found.last
        if name == ITEM:
            what, use = str(here), Use.LIST.value
            return diagnose("MW471", o.source, o.span, path=str_path(holder), what=what, use=use)
        help = self.of_member(name, found.known)
        if here.item is not None:
            help = f"`{str_path(holder)}` is a list: loop over it, or take its `first`"
        elif not holder and (not help or name.lower() in ROOTS_MEANT):
            help = _set_above(name, o) or self.elsewhere(name, o.path[found.unknown + 1 :])
        elif o.path[:-1] == holder == ("profile",) and not help and o.use in _PRINTS:
            help = f"declare it in `profile` of the rules, such as `{name} : text?`, or write a name that is declared"
        return diagnose("MW470", o.source, o.span, path=str_path((*holder, name)), help=help)

    def elsewhere(self, name: str, rest: Path = ()) -> str:
        """A root's member of that name, for a name that is no root."""
        if name.lower() in ROOTS_MEANT:
            return self.of_root(ROOTS_MEANT[name.lower()], rest)
        for root, shape in self.roots.items():
            near = closest(name, shape.fields or ())
            if near:
                return f"did you mean `{root}.{near}`?"
        return ""

    def of_member(self, name: str, known: frozenset[str]) -> str:
        """A member that is declared and near, or that other products call by this name."""
        meant = MEMBERS_MEANT.get(name.lower())
        return f"did you mean `{meant}`?" if meant in known else did_you_mean(name, known)

    def of_root(self, root: str, rest: Path) -> str:
        """What to write for a member of what other products call this root."""
        fields = tuple(self.roots[root].fields or ()) if root in self.roots else ()
        member = rest[0] if rest else ""
        near = closest(MEMBERS_MEANT.get(member.lower(), member), fields)
        return f"write `{root}.{near or member or 'name'}`"

    # -- consents and holes

    def consent(self, o: Occurrence, found: Found) -> Iterator[Diagnostic]:
        is_deep = o.use in _DEEP or REST in o.path
        for consent in found.consents(below=is_deep):
            if consent not in self.consents:
                code = "MW473" if self.in_block else "MW478"
                yield diagnose(code, o.source, o.span, path=str_path(o.path), consent=consent)

    def missing(self, o: Occurrence, found: Found) -> Iterator[Diagnostic]:
        if not found.may_be_missing or o.use is Use.NAMED:
            return
        if self.undefined == "lenient":
            if not o.safe and o.use in _PRINTS:
                yield diagnose("MW475", o.source, o.span, path=str_path(o.path))
        elif self.undefined == "strict" or (not o.safe and o.use is not Use.TEST):
            yield diagnose("MW476", o.source, o.span, path=str_path(o.path))


def _set_above(name: str, o: Occurrence) -> str:
    """That a name is set, but not on each way to where it is read."""
    above = o.source.text[: o.span.start]
    is_set = re.search(rf"(?:\{{%-?|\n)\s*(?:assign|capture)\s+{re.escape(name)}\b", above)
    return (
        f"a loop above that sets it may have no turn, a branch none: set `{name}` before it, too"
        if is_set
        else ""
    )


def undeclared(contract: Contract, roots: Mapping[str, Shape]) -> Iterator[Path]:
    """The paths that a template reads, each down to the first name that nothing declares."""
    for read in contract.reads:
        for found in resolve(read.path, roots):
            if found.unknown is not None:
                yield read.path[: found.unknown + 1]


def unread(
    contracts: Iterable[Contract],
    schema: Schema,
    *,
    also: Collection[str] = frozenset(),
    where: Mapping[str, tuple[Source, Span]] | None = None,
) -> tuple[Diagnostic, ...]:
    """A note for each declared attribute of the profile that no template reads: data that need not be
    collected.

    `also` names attributes that the rules read; keys are always needed. `where` says where each
    attribute is declared.
    """
    reads = [read for contract in contracts for read in contract.reads]
    if any(_reads_all(read) for read in reads):
        return ()
    named = {read.path[1] for read in reads if read.path[0] == "profile" and len(read.path) > 1} | set(also)
    places = where or {}
    return ordered(
        diagnose("MW474", *places.get(name, (None, None)), place=f"profile.{name}", name=name)
        for name, declared in schema.profile.items()
        if name not in named and not isinstance(declared.type, Key)
    )


def _reads_all(read: Read) -> bool:
    """Whether any attribute of the profile may be meant."""
    head, *rest = read.path
    is_all = head == "profile" and (rest[:1] in ([ANY], [REST]) or (not rest and Use.WHOLE in read.uses))
    return head in (ANY, REST) or is_all
