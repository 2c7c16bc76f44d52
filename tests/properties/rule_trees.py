"""Strategies for the trees of rule texts: every statement and every expression of the grammar."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from mailweave.rules import nodes as n
from mailweave.rules.reserved import reserved
from mailweave.source import Span

AT = Span(0, 0)

idents = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True).filter(lambda w: w not in reserved())
names = idents.map(lambda word: n.Name(AT, word))
digits = st.from_regex(r"[0-9][0-9_]{0,5}", fullmatch=True)
decimals = st.from_regex(r"[0-9]{1,4}\.[0-9]{1,3}", fullmatch=True)
numbers = digits | decimals
printable = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")) | st.just("\n"), max_size=9
)
texts = printable.map(lambda value: n.TextLiteral(AT, value))
currencies = st.sampled_from(("USD", "EUR", "JPY"))
units = st.sampled_from(("second", "minute", "hour", "day", "week", "month", "year"))
durations = st.builds(n.DurationLiteral, st.just(AT), digits, units)
dates = st.dates().map(lambda d: n.DateLiteral(AT, d.isoformat()))
offsets = st.sampled_from(("", ":30", "Z", ":00+02:00", "-05:00"))
moments = st.builds(lambda d, o: f"{d.isoformat()}T09:15{o}", st.dates(), offsets)
instants = moments.map(lambda text: n.InstantLiteral(AT, text))
references = idents.map(lambda word: n.Reference(AT, word))


def build(make: Any, *parts: Any) -> st.SearchStrategy[Any]:
    return st.builds(make, st.just(AT), *parts)


def some(strategy: st.SearchStrategy[Any], least: int = 1, most: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


literals = st.one_of(
    texts,
    build(n.BoolLiteral, st.booleans()),
    build(n.NumberLiteral, numbers),
    build(n.MoneyLiteral, numbers, currencies),
    durations,
    dates,
    instants,
)
signed = numbers.map(lambda text: "-" + text)
fixed = st.one_of(literals, build(n.NumberLiteral, signed), build(n.MoneyLiteral, signed, currencies))
constants = fixed | references
lengths = st.one_of(durations, build(n.CalendarLength, digits, units), references)
windows = build(n.Window, st.sampled_from(("last", "next")), lengths)
comparisons = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
functions = st.sampled_from(("count", "sum", "min", "max", "avg", "first", "last", "distinct"))


def _deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    over = build(n.Over, names, maybe(names), maybe(windows), maybe(inner))
    return st.one_of(
        build(n.Or, some(inner, 2)),
        build(n.And, some(inner, 2)),
        build(n.Not, inner),
        build(n.Compare, inner, comparisons, inner),
        build(n.Between, inner, inner, inner, st.booleans()),
        build(n.In, inner, some(constants), st.booleans()),
        build(n.InWindow, inner, windows),
        build(n.Contains, inner, inner),
        build(n.ContainsMany, inner, st.sampled_from(("any", "all")), some(constants)),
        build(n.Matches, inner, texts),
        build(n.Known, inner, st.booleans()),
        build(n.Arithmetic, inner, st.sampled_from("+-*/"), inner),
        build(n.Negate, inner),
        build(n.Aggregate, functions, over),
        build(n.TimeSince, inner),
        build(n.Call, names, some(inner, 0)),
    )


atoms = st.one_of(
    literals,
    references,
    build(n.NoEvent, names, windows),
    build(n.Never, names),
    build(n.Anniversary, references),
    build(n.ConsentRef, names),
    build(n.ScoreRef, names),
)
expressions = st.recursive(atoms, _deeper, max_leaves=9)
# few kinds of nodes, deep in each other: where brackets matter
operators = st.recursive(
    references,
    lambda inner: st.one_of(
        build(n.Or, some(inner, 2)),
        build(n.And, some(inner, 2)),
        build(n.Not, inner),
        build(n.Arithmetic, inner, st.sampled_from("+-*/"), inner),
        build(n.Negate, inner),
        build(n.Compare, inner, comparisons, inner),
    ),
    max_leaves=12,
)
overs = build(n.Over, names, maybe(names), maybe(windows), maybe(expressions))

base_types = st.one_of(
    build(n.NamedType, st.sampled_from(("text", "int", "key", "zone"))),
    build(n.MoneyType, currencies),
    build(n.EnumType, some(names), st.just(False)),
    build(n.EnumType, some(names, 2), st.just(True)),
)
record_fields = build(n.RecordField, names, base_types, st.booleans(), maybe(constants))
types = st.one_of(base_types, build(n.SetType, base_types), build(n.ListType, some(record_fields)))
labels = st.one_of(
    build(n.Pii),
    build(n.Minimum, constants),
    build(n.Maximum, constants),
    build(n.Needs, names),
    build(n.Column, texts),
    build(n.Default, constants),
)
policies = build(n.Policy, st.sampled_from(("unique", "any", "first", "priority", "score", "collect")))
clauses = st.one_of(
    build(n.Requires, expressions),
    build(n.Expires, dates | instants),
    build(n.Cap, digits, durations),
    build(n.Says, texts),
    build(n.Shows, names),
)
ties = build(n.Tie, st.sampled_from(("order", "least recently sent", "expires soonest")))
cells = st.one_of(
    build(n.Cell, st.none(), st.none(), st.none()),
    build(n.Cell, names, st.none(), st.none()),
    build(n.Cell, names, digits.map(lambda text: n.NumberLiteral(AT, text)), st.none()),
    build(n.Cell, names, st.none(), expressions),
)
percents = st.sampled_from(("5", "50", "12.5", "100"))
drawing_items = st.one_of(build(n.Unit, names, texts), build(n.Only, expressions), build(n.Holdout, percents))
items = drawing_items | build(n.Split, some(build(n.Arm, names, percents, maybe(names)), 2))
value_items = drawing_items | build(n.ValueSplit, some(build(n.ValueArm, names, percents, maybe(fixed)), 2))
wait_items = drawing_items | build(
    n.ValueSplit, some(build(n.ValueArm, names, percents, maybe(durations)), 2)
)
values = st.recursive(
    constants,
    lambda inner: build(n.Many, some(inner, 0)) | build(n.Record, some(build(n.Pair, names, inner))),
    max_leaves=4,
)
pairs = build(n.Pair, names, values)
facts = st.one_of(
    build(n.IsIn, names),
    build(n.IsOut, names),
    build(n.IsAnswer, names, some(names, 1, 1), st.just(False)),
    build(n.IsAnswer, names, some(names, 0), st.just(True)),
    build(n.IsSkipped, names),
)
test_items = st.one_of(
    build(n.GivenProfile, some(pairs, 0)),
    build(n.GivenConsent, some(names)),
    build(n.GivenEvents, some(build(n.GivenEvent, names, some(pairs, 0), durations))),
    build(n.GivenScores, some(build(n.GivenScore, names, constants, maybe(durations)))),
    build(n.GivenLookups, some(build(n.GivenLookup, names, constants, constants))),
    build(n.GivenLists, some(pairs)),
    build(n.GivenArm, names, names),
    build(n.Now, instants),
    build(n.Expect, some(facts)),
)


@st.composite
def matrices(draw: st.DrawFn) -> n.Matrix:
    width = draw(st.integers(1, 3))
    columns = draw(some(build(n.MatrixColumn, names, maybe(policies)), width, width))
    row = build(n.Row, maybe(names), some(cells, width, width) | some(cells))  # a text may have ragged ones
    rows = draw(some(row))
    return n.Matrix(AT, draw(maybe(names)), draw(policies), draw(some(ties)), columns, rows)


one_line = build(n.Segment, names, maybe(texts), maybe(names), some(expressions, 1, 1), st.just(False))
in_braces = build(n.Segment, names, maybe(texts), maybe(names), some(expressions), st.just(True))
statements = st.one_of(
    build(n.Ruleset, texts, digits),
    build(n.Timezone, maybe(names), texts),
    build(n.Budget, digits),
    build(n.Profile, some(build(n.ProfileField, names, types, st.booleans(), some(labels, 0)))),
    build(n.Event, names, some(record_fields, 0), durations | build(n.Forever)),
    build(n.Consent, some(names)),
    build(n.Score, names, base_types, maybe(build(n.Computation, names, overs)), durations, maybe(constants)),
    build(n.Lookup, names, base_types, base_types, durations, constants),
    build(n.Catalog, names, some(record_fields)),
    build(n.RecommendedList, names, names, texts, digits, texts | names),
    build(n.Let, names, some(names, 0), expressions),
    one_line,
    in_braces,
    build(n.Tier, names, st.booleans(), some(build(n.Member, names, expressions)), maybe(names)),
    build(n.Skip, names, maybe(texts), expressions),
    build(n.Slot, names, st.booleans(), digits, names),
    build(n.Block, names, names, some(clauses, 0)),
    matrices(),
    build(n.Override, names, names, maybe(expressions)),
    build(n.Experiment, names, names, some(items)),
    build(n.ConstantExperiment, names, names, some(value_items)),
    build(n.WaitExperiment, names, names, some(wait_items)),
    build(n.Test, texts, some(test_items)),
)
