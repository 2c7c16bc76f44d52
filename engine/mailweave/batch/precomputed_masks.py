"""What the rules say of a staged list, answered by one query in DuckDB before any recipient is rendered.

Each answered recipient gets the mask that the compiled program would give, so that workers need not evaluate the rules
again. Fail closed: whoever's data are not sure to mean the same in SQL is left to Python, and so is everybody when the
query cannot be said, is not exact or stops. Scores over the whole list (`by rfm(..)`) are computed here too.

    answered  mw_n, and the mask in words of 62 bits
    computed  mw_n, and a column for each score
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mailweave.batch.ledger import BatchError
from mailweave.batch.list_import import quoted
from mailweave.batch.sql_casts import rows_of
from mailweave.batch.sql_safety import inexact
from mailweave.batch.stage_writer import MEMORY, Shape, number, opened
from mailweave.batch.views import EventView, ProfileView
from mailweave.decisions import DecisionProgram
from mailweave.decisions.planner import needs_of
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.rules import typed
from mailweave.rules.artifact import Bits
from mailweave.rules.checked import CheckedDocument
from mailweave.values.zones import zone_names

if TYPE_CHECKING:
    import duckdb

ANSWERED, COMPUTED = "answered", "computed"
_WORD: Final = 62  # bits of a mask in one BIGINT
_PROFILES, _EVENTS = "mw_profiles", "mw_seen"


@dataclass(frozen=True, slots=True)
class Answers:
    """What workers need to know of them.

    words: columns that hold a mask, 0 where nobody is answered. events: the types that a decision may still ask
    for. computed: scores of the whole list, of the moment `at`. in_sql: recipients answered. why: what kept the
    whole list from being answered.
    """

    words: int = 0
    events: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    at: str = ""
    in_sql: int = 0
    why: str = ""

    def mask(self, words: Sequence[int]) -> int:
        """The mask of one recipient."""
        mask = 0
        for word in reversed(words):
            mask = mask << _WORD | word
        return mask


def answer(
    folder: Path,
    shape: Shape,
    decisions: DecisionProgram,
    now: datetime,
    context: Mapping[str, Any],
    *,
    in_sql: bool = True,
    admitted: bool = False,
) -> Answers:
    """Answers rules for the stage in `folder`. Without `in_sql`, only scores are computed. With `admitted`, whoever is
    answered would be admitted too: nobody need look at their data again."""
    document = decisions.document
    computed = tuple(name for name, score in document.schema.scores.items() if score.computed is not None)
    if not in_sql and not computed:
        return Answers(why="not asked for")
    import duckdb

    for memory in MEMORY:
        with suppress(duckdb.OutOfMemoryException):
            return _answers(folder, shape, decisions, now, context, computed, in_sql, admitted, memory)
    if computed:
        what = f"{MEMORY[-1]} of memory do not hold the scores of the whole list"
        raise BatchError([diagnose("MW805", place=str(folder), what=what)])
    return Answers(why="it takes too much memory")


def _answers(
    folder: Path,
    shape: Shape,
    decisions: DecisionProgram,
    now: datetime,
    context: Mapping[str, Any],
    computed: tuple[str, ...],
    in_sql: bool,
    admitted: bool,
    memory: str,
) -> Answers:
    with opened(folder, "the staged list", memory) as connection:
        asked = _Asked(connection, shape, decisions, now, context, admitted)
        asked.view()
        if computed:
            asked.compute(computed)
        words, why = asked.answer() if in_sql else (0, "not asked for")
        found = number(connection, f"SELECT count(*) FROM {ANSWERED}") if words else 0
    return Answers(words if found else 0, asked.live_events(), computed, now.isoformat(), found, why)


@dataclass(slots=True)
class _Asked:
    """One stage and the rules that it is asked."""

    connection: duckdb.DuckDBPyConnection
    shape: Shape
    decisions: DecisionProgram
    now: datetime
    context: Mapping[str, Any]
    admitted: bool
    people: ProfileView = field(init=False)
    happened: EventView = field(init=False)

    def __post_init__(self) -> None:
        schema = self.document.schema
        self.people = ProfileView(schema, rows_of(self.shape.profiles, self._columns("people"), "p"))
        events = rows_of(self.shape.events, self._columns("happened"), "e")
        self.happened = EventView(schema, events, "e.mw_type")

    @property
    def document(self) -> CheckedDocument:
        return self.decisions.document

    def _columns(self, table: str) -> dict[str, Any]:
        found = self.connection.sql(f"SELECT * FROM {table}")
        return dict(zip(found.columns, found.types, strict=True))

    # ---- the relations that the query reads

    def view(self) -> None:
        """Profiles and events in declared types, under keys that are in the order of the list."""
        for name, view, table in (
            (_PROFILES, self.people, "people p"),
            (_EVENTS, self.happened, "happened e"),
        ):
            key = f"lpad(CAST({table[-1]}.mw_n AS VARCHAR), 12, '0') AS mw_n"
            columns = ", ".join([key, *view.columns()])
            self.connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {columns} FROM {table}")

    # ---- what the rules read

    def _used(self) -> set[str]:
        names = {e.name for root in self._roots() for e in typed.walk(root) if isinstance(e, typed.Attribute)}
        return names | {self.document.schema.timezone.attribute or ""}

    def _roots(self) -> Iterable[typed.Expr]:
        document = self.document
        yield from (segment.condition for segment in document.segments.values())
        yield from (member.condition for tier in document.tiers.values() for member in tier.members)
        yield from (skip.condition for skip in document.skips)
        yield from needs_of(document).conditions.values()

    def live_events(self) -> tuple[str, ...]:
        """The types of events that caps, ties and ranks read, and templates."""
        read = (e for root in needs_of(self.document).values.values() for e in typed.walk(root))
        shown = (event.name for event in self.document.schema.shown_events)
        asked = (e.event for e in read if isinstance(e, typed.EventAggregate | typed.Exists))
        return tuple(sorted({*asked, *shown}))

    # ---- answers

    def compute(self, names: tuple[str, ...]) -> None:
        """The scores that are computed over the whole list, of those who have one."""
        from mailweave.rules.sql import scores_query, write

        query = write(scores_query(self.document, now=self.now, **self._about()), "duckdb")
        columns = ", ".join(map(quoted, names))
        self.connection.execute(
            f"CREATE OR REPLACE TABLE {COMPUTED} AS SELECT CAST(mw_n AS BIGINT) AS mw_n, {columns} "
            f"FROM ({query}) ORDER BY mw_n"
        )

    def answer(self) -> tuple[int, str]:
        """How many words a mask has, or why there are none."""
        import duckdb

        from mailweave.rules.sql import segments_query, write

        bits = self.decisions.program.bits
        codes = [code for code, _ in bits.skips]
        why = inexact(self._roots(), self.document.schema) or self.happened.clash()
        if why or len(set(codes)) < len(codes):
            return 0, why or "two skips of one name"
        try:
            conditions = needs_of(self.document).conditions
            query = segments_query(self.document, now=self.now, conditions=conditions, **self._about())
        except MailweaveError as error:
            return 0, error.diagnostics[0].message if error.diagnostics else str(error)
        try:
            return self._answered(write(query, "duckdb"), bits), ""
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            return 0, f"the query stops: {type(error).__name__}"

    def _answered(self, query: str, bits: Bits) -> int:
        sure = self.people.admissible() if self.admitted else self.people.sure(self._used())
        self.connection.execute(
            f"CREATE TEMP TABLE unsure AS SELECT p.mw_n FROM people p WHERE NOT {sure} "
            f"UNION SELECT e.mw_n FROM happened e WHERE NOT {self.happened.sure()}"
        )
        if number(self.connection, "SELECT count(*) FROM unsure") == number(
            self.connection, "SELECT count(*) FROM people"
        ):
            return 0
        names, words = _words(bits)
        masks = ", ".join(f"{word} AS word{at}" for at, word in enumerate(words))
        self.connection.execute(
            f"CREATE OR REPLACE TABLE {ANSWERED} AS SELECT CAST(mw_n AS BIGINT) AS mw_n, {masks} FROM ({query}) "
            f"AS found(mw_n, {', '.join(names)}) WHERE CAST(mw_n AS BIGINT) NOT IN (SELECT mw_n FROM unsure) "
            "ORDER BY mw_n"
        )
        return len(words)

    def _about(self) -> dict[str, Any]:
        from mailweave.rules.sql import Relations

        relations = Relations(profiles=_PROFILES, events=_EVENTS, owner="mw_n")
        return {"context": self.context, "zones": self._zones(), "relations": relations, "key": "mw_n"}

    def _zones(self) -> list[str] | None:
        schema = self.document.schema
        if schema.timezone.attribute is None:
            return None
        attribute = schema.profile[schema.timezone.attribute]
        default = [] if attribute.default is None else [str(attribute.default)]
        column = quoted(attribute.column or attribute.name)
        found = self.connection.execute(f"SELECT DISTINCT {column} FROM {_PROFILES}").fetchall()
        return [*default, *(row[0] for row in found if row[0] in zone_names())]


def _words(bits: Bits) -> tuple[list[str], list[str]]:
    """Names for the columns of the query, and SQL that makes a mask of them."""
    names: list[str] = []
    terms: list[list[str]] = [[]]
    at = 0

    def column() -> str:
        names.append(f"c{len(names)}")
        return names[-1]

    def put(condition: str) -> None:
        nonlocal at
        if at // _WORD == len(terms):
            terms.append([])
        terms[-1].append(f"CASE WHEN {condition} THEN {1 << at % _WORD} ELSE 0 END")
        at += 1

    for _ in bits.segments:
        put(column())
    for _, members in bits.tiers:
        name = column()
        for member in members:
            put(f"{name} = '{member}'")
    skip = column()
    for code, _ in bits.skips:
        put(f"{skip} = '{code}'")
    for _ in bits.conditions:
        put(column())
    return names, [" + ".join(word) if word else "0" for word in terms]
