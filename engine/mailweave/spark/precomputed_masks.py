"""What the rules say of a list, by one query in Spark SQL: the mask that the compiled program would give.

Fail closed: whoever's data are not sure to mean the same in SQL is left to Python on the worker, and so is everybody
when the query cannot be said or is not exact. Scores over the whole list (`by rfm(..)`) are computed for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add, and_
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from mailweave.batch.batches import KEY, MASK, SCORES, WORD
from mailweave.batch.row_decoding import MEMBERS
from mailweave.batch.sql_safety import inexact
from mailweave.decisions import DecisionProgram
from mailweave.decisions.planner import needs_of
from mailweave.rules import typed
from mailweave.rules.artifact import Bits
from mailweave.rules.sql import Relations, scores_query, segments_query, write
from mailweave.schema.types import Bool, Field, Instant, Type
from mailweave.spark.names import quoted
from mailweave.spark.sql_casts import Reading, admissible, read

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import DataType

SURE: Final = "mw_sure"


@dataclass(frozen=True, slots=True)
class Asked:
    """Rules at one moment, and the list that they are asked about: both with KEY and in columns of their own types."""

    decisions: DecisionProgram
    now: datetime
    context: Mapping[str, Any]
    people: DataFrame
    events: DataFrame | None

    # ---- the two relations that a query reads

    def profiles(self) -> DataFrame:
        """Profiles in the rules' types."""
        from pyspark.sql import functions as f

        schema = self.decisions.program.schema
        columns = [
            self._attribute(each).value.alias(each.column or name) for name, each in schema.profile.items()
        ]
        consents = [self._read(("consent", name), Bool()).value.alias(name) for name in schema.consents]
        dated = {name: self._score(name) for name in schema.scores}
        scores = [
            f.struct(value.value.alias("value"), at.value.alias("at")).alias(name)
            for name, (value, at) in dated.items()
        ]
        records = (("consent", consents), ("scores", scores))
        columns += [f.struct(*members).alias(name) for name, members in records if members]
        return self.people.select(KEY, self.sure.alias(SURE), *columns)

    @property
    def sure(self) -> Column:
        """Whether SQL reads of a recipient what Python reads."""
        from pyspark.sql import functions as f

        schema, used = self.decisions.program.schema, self._used()
        if any((each.column or "").startswith(MEMBERS) for each in schema.profile.values()):
            return f.lit(False)  # an attribute under the name of a member: which one a column is, Python says
        found = [self._attribute(each).sure for name, each in schema.profile.items() if name in used]
        found += [self._read(("consent", name), Bool()).sure for name in schema.consents]
        given = [name for name, score in schema.scores.items() if score.computed is None]
        found += [part.sure for name in given for part in self._score(name)]
        return _every(found)

    def _attribute(self, field: Field) -> Reading:
        return self._read((field.column or field.name,), field.type)

    def _score(self, name: str) -> tuple[Reading, Reading]:
        type = self.decisions.program.schema.scores[name].type
        return self._read(("scores", name, "value"), type), self._read(("scores", name, "at"), Instant())

    def _read(self, path: tuple[str, ...], type: Type) -> Reading:
        return _member(self.people, path, type)

    def happened(self) -> DataFrame | None:
        """Events in the rules' types."""
        if self.events is None:
            return None
        columns = {"at": _member(self.events, ("at",), Instant()).value}
        for event in self.decisions.program.schema.events.values():
            for name, field in event.fields.items():
                column = field.column or name
                columns.setdefault(column, _member(self.events, (column,), field.type).value)
        named = [value.alias(name) for name, value in columns.items()]
        return self.events.select(KEY, "type", self.sure_event(self.events).alias(SURE), *named)

    def sure_event(self, events: DataFrame) -> Column:
        """Whether Python would admit an event; those of types that are not declared cannot matter."""
        from pyspark.sql import functions as f

        at, found = _member(events, ("at",), Instant()), f.lit(True)
        for name, event in self.decisions.program.schema.events.items():
            fields = [
                admissible(_member(events, (field.column or n,), field.type), field)
                for n, field in event.fields.items()
            ]
            found = f.when(f.col("type") == name, _every([at.sure, at.value.isNotNull(), *fields])).otherwise(
                found
            )
        return _every([f.col("type").isNotNull(), found])

    # ---- why not

    def obstacle(self) -> str:
        """What keeps the whole list from being answered in SQL, or an empty text."""
        codes = [code for code, _ in self.decisions.program.bits.skips]
        if len(set(codes)) < len(codes):
            return "two skips of one name"
        return inexact(self._roots(), self.decisions.program.schema) or self._clash()

    def _clash(self) -> str:
        kinds: dict[str, type] = {"at": Instant}
        for event in self.decisions.program.schema.events.values():
            for name, field in event.fields.items():
                column = field.column or name
                if kinds.setdefault(column, type(field.type)) is not type(field.type):
                    return f"a column `{column}` of events that has two types"
        return ""

    def _roots(self) -> Iterator[typed.Expr]:
        document = self.decisions.document
        yield from (segment.condition for segment in document.segments.values())
        yield from (member.condition for tier in document.tiers.values() for member in tier.members)
        yield from (skip.condition for skip in document.skips)
        yield from needs_of(document).conditions.values()

    def _used(self) -> set[str]:
        names = {e.name for root in self._roots() for e in typed.walk(root) if isinstance(e, typed.Attribute)}
        return names | {self.decisions.program.schema.timezone.attribute or ""}

    # ---- the answers

    def masks(self) -> DataFrame:
        """KEY and MASK, a list of words of 62 bits, for everybody. Raises NotInSql for what Spark cannot say."""
        from pyspark.sql import functions as f

        conditions = needs_of(self.decisions.document).conditions
        found = self._asked(segments_query, conditions=conditions)
        bits = self.decisions.program.bits
        found = found.toDF(KEY, *(f"c{at}" for at in range(len(found.columns) - 1)))
        return found.select(KEY, f.array(*_words(bits)).alias(MASK))

    def scores(self) -> DataFrame:
        """KEY and SCORES, a record of the scores that are computed over the whole list."""
        from pyspark.sql import functions as f

        found = self._asked(scores_query)
        names = [quoted(name) for name in found.columns if name != KEY]
        return found.select(KEY, f.struct(*names).alias(SCORES))

    def _asked(self, query: Any, **more: Any) -> DataFrame:
        """The answer to a query; its two relations are views only until Spark has read it."""
        spark = self.people.sparkSession
        profiles, happened = self.profiles(), self.happened()
        if happened is None:
            happened = spark.createDataFrame([], f"{KEY} string, type string, at timestamp")
        if not self.computed:  # whoever is not sure cannot matter, nor stop the query
            profiles = profiles.where(SURE)
            happened = happened.where(SURE) if SURE in happened.columns else happened
        names = [f"mw_{what}_{uuid4().hex}" for what in ("profiles", "events")]
        relations = Relations(
            names[0],
            names[1],
            owner=KEY,
            profile_columns=_paths(profiles),
            event_columns=frozenset(happened.columns),
        )
        document = self.decisions.document
        made = query(
            document,
            now=self.now,
            dialect="spark",
            context=self.context,
            relations=relations,
            key=KEY,
            **more,
        )
        try:
            for name, rows in zip(names, (profiles, happened), strict=True):
                rows.createOrReplaceTempView(name)
            return spark.sql(write(made, "spark"))
        finally:
            for name in names:
                spark.catalog.dropTempView(name)

    @property
    def computed(self) -> tuple[str, ...]:
        """The scores that need the whole list."""
        scores = self.decisions.program.schema.scores
        return tuple(name for name, score in scores.items() if score.computed is not None)

    @property
    def live_events(self) -> tuple[str, ...]:
        """The types of events that caps, ties and ranks read, and templates; whoever has a mask needs no others."""
        document = self.decisions.document
        read = (e for root in needs_of(document).values.values() for e in typed.walk(root))
        shown = (event.name for event in document.schema.shown_events)
        asked = (e.event for e in read if isinstance(e, typed.EventAggregate | typed.Exists))
        return tuple(sorted({*asked, *shown}))


def _member(rows: DataFrame, path: tuple[str, ...], type: Type) -> Reading:
    """What stands under a path of columns and members of records, or in a column under the whole path's name."""
    flat = [".".join(path[:depth]) for depth in range(2, len(path) + 1)]
    flat = [name for name in flat if name in rows.columns]
    if not flat:
        return _nested(rows, path, type)
    known = {field.name: field.dataType for field in rows.schema}
    if flat == [".".join(path)] and path[0] not in known:
        return _flat(flat[0], known[flat[0]], type)
    found = _nested(rows, path, type)  # what they make together is for Python to say
    return Reading(found.value, reduce(and_, (_absent(name) for name in flat), found.sure))


def _flat(name: str, kind: DataType, type: Type) -> Reading:
    """A column of its own type; texts are read as cells are, by Python."""
    found = read(_column(name), kind, type)
    return found if kind.simpleString() != "string" else Reading(found.value, _absent(name))


def _column(name: str) -> Column:
    from pyspark.sql import functions as f

    return f.col(quoted(name))


def _absent(name: str) -> Column:
    return _column(name).isNull()


def _nested(rows: DataFrame, path: tuple[str, ...], type: Type) -> Reading:
    """What stands under a path of columns and members of records."""
    from pyspark.sql import functions as f
    from pyspark.sql.types import StructType

    kind: DataType | None = rows.schema
    column: Column | None = None
    for name in path:
        known = {field.name: field.dataType for field in kind} if isinstance(kind, StructType) else {}
        kind = known.get(name)
        if kind is None:
            return read(None, None, type) if column is None else _beside(column, known, type)
        column = f.col(quoted(name)) if column is None else column.getField(name)
    return read(column, kind, type)


def _beside(column: Column, known: Mapping[str, DataType], type: Type) -> Reading:
    """A member that a record does not have is absent; of what is no record nothing is sure but its absence."""
    from pyspark.sql import functions as f

    absent = read(None, None, type)
    return Reading(absent.value, f.lit(True) if known else column.isNull())


def _paths(rows: DataFrame) -> frozenset[str]:
    """Columns, and members of records as `consent.marketing`."""
    from pyspark.sql.types import StructType

    inside = (
        f"{field.name}.{member.name}"
        for field in rows.schema
        if isinstance(field.dataType, StructType)
        for member in field.dataType
    )
    return frozenset([*rows.columns, *inside])


def _every(conditions: Iterable[Column]) -> Column:
    """A condition that is never NULL."""
    from pyspark.sql import functions as f

    return f.coalesce(reduce(and_, conditions, f.lit(True)), f.lit(False))


def _words(bits: Bits) -> list[Column]:
    """The mask of a row c0, c1, ..: segments, tiers, the skip, conditions."""
    from pyspark.sql import functions as f

    holds: list[Column] = [f.col(f"c{at}") for at in range(len(bits.segments))]
    at = len(holds)
    for _, answers in bits.tiers:
        holds += [f.col(f"c{at}") == answer for answer in answers]
        at += 1
    holds += [f.col(f"c{at}") == code for code, _ in bits.skips]
    holds += [f.col(f"c{at + 1 + place}") for place in range(len(bits.conditions))]
    bit = [
        f.when(condition, f.lit(1 << place % WORD)).otherwise(f.lit(0)).cast("bigint")
        for place, condition in enumerate(holds)
    ]
    return [reduce(add, bit[start : start + WORD]) for start in range(0, len(bit), WORD)] or [f.lit(0)]
