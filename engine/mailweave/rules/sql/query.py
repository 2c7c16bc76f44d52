"""One query for a rule text: a row for each recipient, with segments, tiers, skip and further conditions.

mw_people             the attributes that are read, as declared; consents; scores of the input
mw_zones              what calendars say in each zone, where that matters
mw_<event>            the events of one type that are seen now; of a list, its items
mw_<source>_<step>    aggregates over them
mw_people_<step>      recipients with all that is known after a step
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from mailweave.rules import typed
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.context import Context
from mailweave.rules.sql.aggregates import AT, OWNER, Question, reads_recipient
from mailweave.rules.sql.building import (
    Sql,
    case,
    column,
    every,
    is_true,
    literal,
    moment,
    when,
)
from mailweave.rules.sql.dialects import Dialect
from mailweave.rules.sql.expressions import Expressions, consent_column, score_column
from mailweave.rules.sql.refusals import refuse
from mailweave.rules.sql.relations import Relations, consent, declared, score
from mailweave.rules.sql.rfm import rfm_groups
from mailweave.rules.sql.steps import Steps
from mailweave.rules.sql.windows import ZONE, ZONES, Clock
from mailweave.schema.model import Rfm
from mailweave.schema.types import ListOf
from mailweave.source import Span

KEY, PEOPLE = "mw_key", "mw_people"
SKIP = "skip"
"""The column of a query that holds the code of the skip, or NULL."""


@dataclass(slots=True)
class Query:
    """Builds the query of one text for one dialect at one moment."""

    document: CheckedDocument
    dialect: Dialect
    clock: Clock
    context: Context
    relations: Relations
    key: str
    conditions: Mapping[str, typed.Expr]
    _parts: list[tuple[str, exp.Query]] = field(default_factory=list)
    _sources: set[str] = field(default_factory=set)

    def build(self) -> exp.Select:
        roots = [*(skip.condition for skip in self.document.skips), *self.conditions.values()]
        steps = Steps.of(self.document, roots)
        write = Expressions(
            self.document.schema,
            self.document.source,
            self.dialect,
            self.clock,
            self.context,
            lambda expr: column(steps.questions[expr].answer, "p"),  # type: ignore[index]  # an aggregate
        )
        for at in range(1, steps.last + 1):
            self._step(at, steps, write)
        return self._with_parts(self._answers(write, _people(steps.last)))

    def build_scores(self) -> exp.Select:
        """The scores that are computed over the population; NULL for who has none."""
        found = exp.select(exp.alias_(column(KEY, "p"), self.key, quoted=True)).from_(_table(PEOPLE, "p"))
        for name, each in self.document.schema.scores.items():
            if each.computed is not None:
                alias = self._ranked(name, each.computed)
                found = _joined(found, f"mw_rfm_{name}", alias)
                found = found.select(exp.alias_(column("mw_value", alias), name, quoted=True))
        return self._with_parts(found)

    def _with_parts(self, found: exp.Select) -> exp.Select:
        self._parts[:0] = self._people_parts()
        for name, part in self._parts:
            found = found.with_(exp.to_identifier(name, quoted=True), as_=part, copy=False)
        return found

    # ---- the recipient as it comes

    def _people_parts(self) -> list[tuple[str, exp.Query]]:
        """Built last, when it is known which bounds of zones are needed."""
        read = exp.select(*self._attributes()).from_(_table(self.relations.profiles, "r"))
        if not self.clock.is_needed:
            return [(PEOPLE, read)]
        zone = self.document.schema.timezone
        assert zone.attribute is not None
        own = exp.Coalesce(this=column(zone.attribute, "r"), expressions=[exp.Literal.string(zone.zone)])
        bounds = [column(name, "z") for name in self.clock.names()]
        zoned = (
            exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier("r", quoted=True)), *bounds)
            .from_(_table("mw_read", "r"))
            .join(_table(ZONES, "z"), on=exp.EQ(this=column(ZONE, "z"), expression=own))
        )
        return [("mw_read", read), (ZONES, self.clock.table()), (PEOPLE, zoned)]

    def _attributes(self) -> list[Sql]:
        schema, relations, dialect = self.document.schema, self.relations, self.dialect
        key = dialect.text(relations.profile(self.key))
        found = [exp.alias_(key, KEY, quoted=True)]
        for name in self._read():
            attribute = schema.profile[name]
            value = declared(relations.profile(attribute.column or name), attribute, dialect)
            if attribute.needs is not None:
                value = when(consent(dialect, relations, attribute.needs), value)
            found.append(exp.alias_(value, name, quoted=True))
        for purpose in schema.consents:
            given = consent(dialect, relations, purpose)
            found.append(exp.alias_(given, consent_column(purpose), quoted=True))
        for each in schema.scores.values():
            if each.computed is None and self._uses(typed.ScoreValue, each.name):
                otherwise = literal(each.type, each.otherwise)
                oldest = self.clock.now - each.ttl
                value = score(dialect, relations, each.name, each.type, oldest, otherwise)
                found.append(exp.alias_(value, score_column(each.name), quoted=True))
        return found

    def _expressions(self) -> Iterable[typed.Expr]:
        document = self.document
        roots = [segment.condition for segment in document.segments.values()]
        roots += [member.condition for tier in document.tiers.values() for member in tier.members]
        roots += [*(skip.condition for skip in document.skips), *self.conditions.values()]
        for root in roots:
            yield from typed.walk(root)

    def _read(self) -> list[str]:
        """The attributes that the text reads, in the order of their declaration."""
        used = {expr.name for expr in self._expressions() if isinstance(expr, typed.Attribute)}
        if self.clock.is_needed:
            used |= {self.document.schema.timezone.attribute or ""}
        return [name for name in self.document.schema.profile if name in used]

    def _uses(self, kind: type[typed.ScoreValue], name: str) -> bool:
        return any(isinstance(expr, kind) and expr.name == name for expr in self._expressions())

    # ---- events and items

    def _source(self, name: str) -> str:
        """The relation of the events of a type, or of the items of a list."""
        part = f"mw_{name}"
        if name not in self._sources:
            self._sources.add(name)
            is_event = name in self.document.schema.events
            self._parts.append((part, self._events(name) if is_event else self._items(name)))
        return part

    def _events(self, name: str) -> exp.Select:
        event, relations = self.document.schema.events[name], self.relations
        at = self.dialect.instant(column("at", "r"))
        fields = [
            exp.alias_(
                declared(relations.event(each.column or field), each, self.dialect), field, quoted=True
            )
            for field, each in event.fields.items()
        ]
        seen: list[Sql] = [
            exp.EQ(this=column("type", "r"), expression=exp.Literal.string(name)),
            exp.LTE(this=at.copy(), expression=moment(self.clock.now)),
        ]
        if event.keep is not None:
            seen.append(exp.GT(this=at.copy(), expression=moment(self.clock.now - event.keep)))
        owner = exp.alias_(self.dialect.text(column(relations.owner, "r")), OWNER, quoted=True)
        return (
            exp.select(owner, exp.alias_(at, AT, quoted=True), *fields)
            .from_(_table(relations.events, "r"))
            .where(every(seen))
        )

    def _items(self, name: str) -> exp.Select:
        attribute = self.document.schema.profile[name]
        assert isinstance(attribute.type, ListOf)
        if "a list of records" in self.dialect.missing:
            raise refuse("a list of records", self.dialect, self.document.source, self._place(name))
        fields, alias = attribute.type.fields, "t"
        items = self.dialect.items(column(name, "p"), fields, alias)
        read = [
            exp.alias_(
                declared(self.dialect.item_field(each, alias), each, self.dialect), each.name, quoted=True
            )
            for each in fields
        ]
        owner = exp.alias_(column(KEY, "p"), OWNER, quoted=True)
        return exp.select(owner, *read).from_(_table(PEOPLE, "p")).join(items, join_type="cross")

    def _place(self, name: str) -> Span | None:
        uses = (e.span for e in self._expressions() if isinstance(e, typed.Attribute) and e.name == name)
        return next(uses, None)

    # ---- steps

    def _step(self, at: int, steps: Steps, write: Expressions) -> None:
        before = _people(at - 1)
        known: list[Sql] = [exp.Column(this=exp.Star(), table=exp.to_identifier("p", quoted=True))]
        step = exp.select().from_(_table(before, "p"))
        for source, questions in steps.asked_at(at).items():
            groups = f"mw_{source}_{at}"
            self._grouped(groups, source, questions, before, write)
            alias = f"a_{source}"
            for question in questions:
                answer = question.answered(self.document.schema, self.dialect)
                known.append(_renamed(answer, "a", alias))
            step = _joined(step, groups, alias)
        for each in self.document.schema.scores.values():
            if at == 1 and each.computed is not None and self._uses(typed.ScoreValue, each.name):
                step = self._computed(each.name, step, known)
        known += [self._named(name, write) for name in steps.named_at(at)]
        self._parts.append((_people(at), step.select(*known)))

    def _grouped(
        self, name: str, source: str, questions: list[Question], before: str, write: Expressions
    ) -> None:
        events = self._source(source)
        made = [row for question in questions for row in question.rows(write)]
        rows = exp.select(column(OWNER, "e"), *made).from_(_table(events, "e"))
        if source in self.document.schema.events:
            rows = rows.select(column(AT, "e"))
        if reads_recipient(made):
            same = exp.EQ(this=column(KEY, "p"), expression=column(OWNER, "e"))
            rows = rows.join(_table(before, "p"), on=same)
        self._parts.append((f"{name}_rows", rows))
        schema = self.document.schema
        answers = [a for question in questions for a in question.groups(schema, self.dialect)]
        groups = exp.select(column(OWNER), *answers).from_(_table(f"{name}_rows"))
        self._parts.append((name, groups.group_by(column(OWNER))))

    def _computed(self, name: str, step: exp.Select, known: list[Sql]) -> exp.Select:
        """A score that is computed over the population."""
        score = self.document.schema.scores[name]
        assert score.computed is not None
        alias = self._ranked(name, score.computed)
        otherwise = literal(score.type, score.otherwise)
        value = exp.Coalesce(this=column("mw_value", alias), expressions=[otherwise])
        known.append(exp.alias_(value, score_column(name), quoted=True))
        return _joined(step, f"mw_rfm_{name}", alias)

    def _ranked(self, name: str, computed: Rfm) -> str:
        """Ranks the population in a part of the query; returns the alias to join it by."""
        events = self._source(computed.event)
        tables = (_table(events, "e"), _table(PEOPLE, "p"))
        self._parts.append((f"mw_rfm_{name}", rfm_groups(computed, *tables, KEY, self.clock, self.dialect)))
        return f"a_{name}"

    def _named(self, name: str, write: Expressions) -> Sql:
        if name in self.document.segments:
            segment = self.document.segments[name]
            condition = write.sql(segment.condition)
            inside = is_true(condition)
            if segment.within is not None:
                inside = every([column(segment.within, "p"), inside])
            return exp.alias_(inside, name, quoted=True)
        tier = self.document.tiers[name]
        branches = [(write.sql(m.condition), exp.Literal.string(m.name)) for m in tier.members]
        otherwise = None if tier.otherwise is None else exp.Literal.string(tier.otherwise)
        return exp.alias_(case(branches, otherwise), name, quoted=True)

    # ---- the answers

    def _answers(self, write: Expressions, people: str) -> exp.Select:
        found: list[Sql] = [exp.alias_(column(KEY, "p"), self.key, quoted=True)]
        found += [column(name, "p") for name in self.document.segments]
        found += [column(name, "p") for name in self.document.tiers]
        skips = [(write.sql(skip.condition), exp.Literal.string(skip.name)) for skip in self.document.skips]
        code = case(skips) if skips else exp.cast(exp.null(), "TEXT")
        found.append(exp.alias_(code, SKIP, quoted=True))
        for name, condition in self.conditions.items():
            found.append(exp.alias_(is_true(write.sql(condition)), name, quoted=True))
        return exp.select(*found).from_(_table(people, "p"))


def _people(step: int) -> str:
    return f"{PEOPLE}_{step}" if step else PEOPLE


def _table(name: str, alias: str | None = None) -> exp.Table:
    found = exp.Table(this=exp.to_identifier(name, quoted=True))
    if alias is not None:
        found.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
    return found


def _joined(step: exp.Select, part: str, alias: str) -> exp.Select:
    same = exp.EQ(this=column(OWNER, alias), expression=column(KEY, "p"))
    return step.join(_table(part, alias), on=same, join_type="left")


def _renamed(answer: Sql, old: str, new: str) -> Sql:
    """The same with another alias for the table of raw answers."""
    for found in answer.find_all(exp.Column):
        if found.table == old:
            found.set("table", exp.to_identifier(new, quoted=True))
    return answer
