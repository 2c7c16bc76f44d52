"""Who of a list in Spark is mailed, as `mailweave.batch.audience` has it at home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mailweave.batch.addresses import same_address
from mailweave.batch.audience import (
    BEYOND,
    SAME_ADDRESS,
    SAME_KEY,
    SUPPRESSED,
    Choice,
    left_out_line,
    named_doubles,
)
from mailweave.batch.batches import KEY, LINE
from mailweave.batch.keys import as_key
from mailweave.batch.ledger import BatchError
from mailweave.diagnostics import diagnose
from mailweave.spark.names import BLANKS, datum

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_CODE, _AS, _SAME, _NEVER = "mw_code", "mw_as", "mw_same", "mw_never"
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """Those who are to be rendered, and those who are left out (None where nobody is), with how many, by code."""

    people: DataFrame
    left_out: DataFrame | None
    counted: dict[str, int]

    def lines(self) -> Iterator[bytes]:
        """The lines of `left_out.jsonl`, in the order of the list."""
        if self.left_out is not None:
            rows = self.left_out.select(LINE, KEY, _CODE, _AS).orderBy(LINE)
            yield from (left_out_line(*row) for row in rows.toLocalIterator())


def chosen(people: DataFrame, choice: Choice, shown: str, count: int) -> Chosen:
    """`people`: with KEY and LINE, `count` of them. Raises BatchError for doubles that are to be refused."""
    from pyspark.sql import functions as f

    beyond = 0
    if choice.limit is not None:
        people, beyond = people.where(f.col(LINE) <= choice.limit), max(0, count - choice.limit)
    marked = people.withColumns({_CODE: f.lit(None).cast("string"), _AS: f.lit(None).cast("bigint")})
    doubled = doubles(people)
    if doubled and choice.duplicates == "refuse":
        raise BatchError([diagnose("MW806", place=shown, count=doubled, which=which(people))])
    if doubled:
        order = f.col(LINE).desc() if choice.duplicates == "last" else f.col(LINE).asc()
        marked = _first_of(marked, KEY, order, SAME_KEY)
    if choice.suppressed:
        marked = _never(marked, choice)
    if choice.unique is not None:
        same = _same(datum(people, choice.unique, shown, "what is mailed once"))
        marked = marked.withColumn(_SAME, f.nullif(same, f.lit("")))
        marked = _first_of(marked, _SAME, f.col(LINE).asc(), SAME_ADDRESS).drop(_SAME)
    if not doubled and not choice.suppressed and choice.unique is None:
        return Chosen(people, None, {BEYOND: beyond})
    left = marked.where(f.col(_CODE).isNotNull())
    counted = {row[_CODE]: row["count"] for row in left.groupBy(_CODE).count().collect()}
    return Chosen(marked.where(f.col(_CODE).isNull()).drop(_CODE, _AS), left, {BEYOND: beyond, **counted})


def doubles(people: DataFrame) -> int:
    """How many recipients have a key that another one has too; this reads all keys."""
    from pyspark.sql import functions as f

    known = people.where(f.col(KEY).isNotNull()).groupBy(KEY).count()
    found = known.agg(f.sum(f.col("count") - 1).alias("more")).first()
    return int(found["more"] or 0) if found is not None else 0


def which(people: DataFrame) -> str:
    """The first doubled keys, with their lines where these are known."""
    from pyspark.sql import functions as f

    lines = f.sort_array(f.collect_list(LINE)) if LINE in people.columns else f.array()
    known = people.where(f.col(KEY).isNotNull()).groupBy(KEY)
    found = known.agg(f.count("*").alias("n"), lines.alias("lines")).where("n > 1")
    rows = found.orderBy(f.get("lines", f.lit(0)), KEY).limit(_NAMED).collect()
    if LINE not in people.columns:
        return ", ".join(f"`{row[KEY]}`" for row in rows)
    return named_doubles([(row[KEY], row["lines"]) for row in rows])


def _first_of(marked: DataFrame, name: str, order: Column, code: str) -> DataFrame:
    """Marks who is not the first of those who share a value and are not left out yet."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    counts = f.col(name).isNotNull() & f.col(_CODE).isNull()
    place = Window.partitionBy(name, f.col(_CODE).isNull()).orderBy(order)
    ranked = marked.withColumns(
        {"mw_place": f.row_number().over(place), "mw_first": f.first(LINE).over(place)}
    )
    later = counts & (f.col("mw_place") > 1)
    told = {
        _CODE: f.when(later, f.lit(code)).otherwise(f.col(_CODE)),
        _AS: f.when(later, f.col("mw_first")).otherwise(f.col(_AS)),
    }
    return ranked.withColumns(told).drop("mw_place", "mw_first")


def _never(marked: DataFrame, choice: Choice) -> DataFrame:
    """Marks whose key or address is never mailed."""
    import pyarrow as pa
    from pyspark.sql import functions as f

    assert choice.address is not None
    spark = marked.sparkSession
    marked = marked.withColumn(_SAME, _same(datum(marked, choice.address, "profiles", "the addresses")))
    for name, texts in (
        (KEY, {as_key(text) for text in choice.suppressed}),
        (_SAME, {same_address(text) for text in choice.suppressed}),
    ):
        never = spark.createDataFrame(pa.table({name: pa.array(sorted(filter(None, texts)), pa.string())}))
        joined = marked.join(f.broadcast(never.withColumn(_NEVER, f.lit(True))), name, "left")
        is_never = f.col(_NEVER) & f.col(_CODE).isNull()
        marked = joined.withColumn(_CODE, f.when(is_never, f.lit(SUPPRESSED)).otherwise(f.col(_CODE))).drop(
            _NEVER
        )
    return marked.drop(_SAME)


def _same(text: Column) -> Column:
    """What `same_address` makes of a text."""
    from pyspark.sql import functions as f

    plain: Any = f.octet_length(text) == f.char_length(text)
    beyond = f.udf(same_address, "string", useArrow=False)(f.when(~plain, text))
    return f.when(plain, f.lower(f.btrim(text, f.lit(BLANKS)))).otherwise(f.when(text.isNotNull(), beyond))
