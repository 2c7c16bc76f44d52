"""Two rule texts as one, so that one question can speak of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mailweave.diff.retyping import Retyping
from mailweave.diff.schemas import CommonSchema, admits, common
from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.questions import Filled, Holds, Question, atoms
from mailweave.values.calendar import CalendarWindow

_OLD, _NEW = "old__", "new__"  # before every name of a side, so that none of one meets one of the other


@dataclass(frozen=True, slots=True)
class View:
    """One side twice: `own` as it is compiled, `joined` as it stands beside the other in the union.

    `tainted` says of segments and tiers why they cannot be compared; `admits`: that this side reads the profile.
    """

    own: c.CheckedDocument
    joined: c.CheckedDocument
    retyping: Retyping
    admits: Question
    apart: Mapping[str, str]
    tainted: Mapping[str, str]
    own_columns: Columns = field(init=False)
    joined_columns: Columns = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "own_columns", Columns(self.own))
        object.__setattr__(self, "joined_columns", Columns(self.joined))

    def why_apart(self, question: Question) -> str | None:
        """Why a question about this side, in its own words, cannot be compared; None where it can."""
        for atom in atoms(question):
            key = f"list {atom.list}" if isinstance(atom, Filled) else None
            found = self.apart.get(key) if key else _why(atom, self.own, self.apart, self.tainted)
            if found is not None:
                return found
        return None


def _why(
    atom: Question, own: c.CheckedDocument, apart: Mapping[str, str], tainted: Mapping[str, str]
) -> str | None:
    assert isinstance(atom, Holds)
    return next((why for why in reasons(atom.condition, own, apart, tainted)), None)


def reasons(
    expr: x.Expr, own: c.CheckedDocument, apart: Mapping[str, str], tainted: Mapping[str, str]
) -> Iterator[str]:
    """Why an expression cannot be compared with one of the other side."""
    for each in x.walk(expr):
        for key in reads(each, own):
            if key in apart:
                yield apart[key]
        if isinstance(each, x.InSegment | x.TierValue) and each.name in tainted:
            yield tainted[each.name]


def reads(each: x.Expr, own: c.CheckedDocument) -> Iterator[str]:
    """What one part of an expression reads, as `CommonSchema.apart` names it."""
    match each:
        case x.Attribute(name=name):
            yield f"attribute {name}"
        case x.ScoreValue(name=name):
            yield f"score {name}"
        case x.LookupValue(name=name):
            yield f"lookup {name}"
        case x.Anniversary():
            yield "calendar"
        case x.EventAggregate(event=event, field=name, where=where):
            inside = x.walk(where) if where is not None else ()
            named = [part.name for part in inside if isinstance(part, x.ItemField)]
            yield from (f"field {event}.{one}" for one in (name, *named) if one is not None)
        case _:  # every other part reads nothing that is apart
            pass
    if isinstance(getattr(each, "window", None), CalendarWindow):
        yield "calendar"


@dataclass(frozen=True, slots=True)
class Union:
    """`document` holds the segments and tiers of both that can be compared; each side is a view."""

    document: c.CheckedDocument
    old: View
    new: View


def union(old: c.CheckedDocument, new: c.CheckedDocument) -> Union:
    """Both texts under one declaration of data."""
    whole = common(old.schema, new.schema)
    views = _view(old, whole, _OLD), _view(new, whole, _NEW)
    sides = [view.joined for view in views]
    joined = replace(
        new,
        schema=whole.schema,
        segments={**sides[0].segments, **sides[1].segments},
        tiers={**sides[0].tiers, **sides[1].tiers},
        order=(*sides[0].order, *sides[1].order),
        skips=(),
        content=c.Content({}, {}, (), (), {}, {}),
        tests=(),
    )
    return Union(joined, *views)


def _view(own: c.CheckedDocument, whole: CommonSchema, prefix: str) -> View:
    retyping = Retyping(own.schema, whole.schema, prefix)
    tainted = _tainted(own, whole.apart)
    segments = {retyping.name(n): _segment(s, retyping) for n, s in own.segments.items() if n not in tainted}
    tiers = {retyping.name(n): _tier(t, retyping) for n, t in own.tiers.items() if n not in tainted}
    joined = replace(
        own,
        schema=whole.schema,
        segments=segments,
        tiers=tiers,
        order=tuple(retyping.name(name) for name in own.order if name not in tainted),
        skips=tuple(replace(skip, condition=retyping(skip.condition)) for skip in own.skips),
        content=_content(own.content, retyping),
    )
    return View(own, joined, retyping, admits(own.schema, whole), whole.apart, tainted)


def _tainted(own: c.CheckedDocument, apart: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in own.order:
        if name in own.segments:
            segment = own.segments[name]
            conditions = [segment.condition]
            inherited = found.get(segment.within or "")
        else:
            conditions, inherited = [member.condition for member in own.tiers[name].members], None
        why = inherited or next((w for each in conditions for w in reasons(each, own, apart, found)), None)
        if why is not None:
            found[name] = why
    return found


def _segment(segment: c.Segment, retyping: Retyping) -> c.Segment:
    within = None if segment.within is None else retyping.name(segment.within)
    name = retyping.name(segment.name)
    return replace(segment, name=name, within=within, condition=retyping(segment.condition))


def _tier(tier: c.Tier, retyping: Retyping) -> c.Tier:
    members = tuple(replace(member, condition=retyping(member.condition)) for member in tier.members)
    return replace(tier, name=retyping.name(tier.name), members=members)


def _content(content: c.Content, retyping: Retyping) -> c.Content:
    blocks = {
        name: replace(block, requires=tuple(map(retyping, block.requires)))
        for name, block in content.blocks.items()
    }
    overrides = tuple(
        replace(
            each,
            winner=retyping.name(each.winner),
            loser=retyping.name(each.loser),
            condition=None if each.condition is None else retyping(each.condition),
        )
        for each in content.overrides
    )
    experiments = {
        name: replace(each, only=None if each.only is None else retyping(each.only))
        for name, each in content.experiments.items()
    }
    constants = {
        name: replace(each, only=None if each.only is None else retyping(each.only))
        for name, each in content.constants.items()
    }
    matrices = tuple(_matrix(matrix, retyping) for matrix in content.matrices)
    return c.Content(content.slots, blocks, matrices, overrides, experiments, constants)


def _matrix(matrix: c.Matrix, retyping: Retyping) -> c.Matrix:
    rows = tuple(
        replace(
            row,
            segment=None if row.segment is None else retyping.name(row.segment),
            cells=tuple(_cell(cell, retyping) for cell in row.cells),
        )
        for row in matrix.rows
    )
    return replace(matrix, rows=rows)


def _cell(cell: c.Cell | None, retyping: Retyping) -> c.Cell | None:
    return cell if cell is None or cell.score is None else replace(cell, score=retyping(cell.score))
