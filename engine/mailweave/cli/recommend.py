"""mailweave recommend: lists of items for recipients, from what they took."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mailweave.cli.findings import fail, report
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from mailweave.campaign import Campaign
    from mailweave.insight.histories import Histories
    from mailweave.insight.recommending import Gain, Groups, Recommended, Way
    from mailweave.insight.taken_items import Taken


class _Asked(NamedTuple):
    campaign: Path
    profiles: tuple[str, ...]
    events: tuple[str, ...]
    name: str
    event: str
    item: str
    by: str
    popular_by: str | None
    consent: str | None
    stock: str | None
    out: Path

    @property
    def groups(self) -> tuple[str, ...]:
        """The segments and tiers of --popular-by."""
        return tuple(one.strip() for one in self.popular_by.split(",")) if self.popular_by else ()


@click.command(name="recommend")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option("--profiles", multiple=True, required=True, metavar="LIST", help="As in `mailweave batch`.")
@click.option(
    "--events", multiple=True, required=True, metavar="LIST", help="Their column `profile` holds the key."
)
@click.option("--list", "name", required=True, metavar="NAME", help="A list that the rules declare.")
@click.option(
    "--event", default="purchase", show_default=True, metavar="TYPE", help="What taking an item is."
)
@click.option("--item", required=True, metavar="PROPERTY", help="Its property with the key of the item.")
@click.option("--by", type=click.Choice(["taste", "content"]), default="taste", show_default=True,
              help="What lists go by: what others took too, or what items are like in their catalogue.")  # fmt: skip
@click.option("--popular-by", metavar="SEGMENT[,..]",
              help="Segments or tiers within which popular items come first: of the first that somebody is in.")  # fmt: skip
@click.option(
    "--consent", metavar="PURPOSE", help="Who has not given it is not learned from, and gets what is popular."
)
@click.option(
    "--stock", metavar="LOOKUP", help="A lookup of the campaign's context: items at 0 are left out."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="The list of recipients with theirs: .parquet or .jsonl.")  # fmt: skip
def command(**options: Any) -> None:
    """Recommend items to the recipients of a list, and write the list with them as `mailweave batch --profiles` takes it.

    By taste (matrix factorisation of implicit feedback), or by what the catalogue says of items, for whom has taken
    anything; else what most people took, with --popular-by those of the same segment; never what somebody has. Precision,
    NDCG with an interval and coverage are those of the last fifth of the events, foretold from the others, beside popular
    lists. Exit 1 where a list is not shown to be better. docs/recommend.md
    """
    asked = _Asked(**options)
    try:
        found, unread = _recommended(asked)
    except MailweaveError as error:
        fail(error.diagnostics)
    _print(found, asked.out)
    raise SystemExit(report((*unread, *found.diagnostics), err=True))


def _recommended(asked: _Asked) -> tuple[Recommended, tuple[Diagnostic, ...]]:
    from mailweave.batch.extras import require

    require("insight", place=str(asked.campaign), what="recommend")
    import duckdb

    from mailweave.environment import Environment

    made = Environment().compile(asked.campaign)
    _check(made, asked)
    try:
        with duckdb.connect() as connection:
            return _written(made, connection, asked)
    except (duckdb.Error, OSError) as error:
        place, what = ", ".join((*asked.profiles, *asked.events)), str(error).splitlines()[0]
        raise MailweaveError([diagnose("MW888", place=place, what=what)]) from None


def _written(
    made: Campaign, connection: duckdb.DuckDBPyConnection, asked: _Asked
) -> tuple[Recommended, tuple[Diagnostic, ...]]:
    import numpy as np

    from mailweave.insight.histories import Histories, write_scored
    from mailweave.insight.item_events import consenting, taken
    from mailweave.insight.item_lists import Wanted
    from mailweave.insight.recommending import recommend

    histories = Histories(connection, made.schema, asked.profiles, asked.events)
    declared, known = made.schema.lists[asked.name], _catalogued(made, asked.name)
    more = known if asked.by == "content" else ()
    pairs, items = taken(connection, histories, asked.events, asked.event, asked.item, more)
    allowed = np.array([_is_shown(made, known, asked.stock, one) for one in items], dtype=np.bool_)
    may = consenting(connection, histories, asked.consent)
    wanted = Wanted((len(histories.keys), len(items)), declared.max, allowed, may)
    groups = _groups(made, connection, histories, asked, pairs, wanted.may) if asked.groups else None
    found = recommend(asked.name, pairs, wanted, _way(made, asked, known, items), groups)
    listed = [[items[place] for place in one] for one in found.lists]
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    write_scored(connection, histories, {f"lists.{asked.name}": listed}, str(asked.out))
    return found, histories.diagnostics


def _way(made: Campaign, asked: _Asked, known: Mapping[str, Mapping[str, object]], items: list[str]) -> Way:
    from functools import partial

    from mailweave.insight.item_vectors import item_vectors, nearness
    from mailweave.insight.recommending import TASTE, Way

    if asked.by == "taste":
        return TASTE
    catalog = made.schema.catalogs[made.schema.lists[asked.name].catalog]
    vectors = item_vectors(catalog, known, items)
    if not vectors.nnz:
        raise MailweaveError([diagnose("MW891", place=str(asked.campaign), catalog=catalog.name)])
    return Way("content", partial(nearness, vectors))


def _groups(
    made: Campaign,
    connection: duckdb.DuckDBPyConnection,
    histories: Histories,
    asked: _Asked,
    pairs: Taken,
    may: Any,
) -> Groups:
    """Who has not given the consent is in none: to be put into one is to be profiled."""
    from datetime import UTC, datetime

    import numpy as np

    from mailweave.insight.popularity import NOWHERE
    from mailweave.insight.recommending import Groups
    from mailweave.insight.segment_groups import group_names, groups_at

    moments = (datetime.fromtimestamp(pairs.cut, UTC), made.pinned(None) or histories.until)
    lists = (asked.profiles, asked.events)
    then, now = (
        np.where(may, groups_at(connection, made, histories, lists, asked.groups, moment), NOWHERE)
        for moment in moments
    )
    return Groups(group_names(made, asked.groups), then, now)


def _check(made: Campaign, asked: _Asked) -> None:
    schema, bits = made.schema, made.decisions.program.bits
    segments = (*bits.segments, *(name for name, _ in bits.tiers))
    named: list[tuple[str, str | None, Any]] = [
        ("list", asked.name, schema.lists),
        ("event", asked.event, schema.events),
        ("consent", asked.consent, schema.consents),
        ("lookup", asked.stock, schema.lookups),
        *(("segment", one, segments) for one in asked.groups),
    ]
    wrong = [
        diagnose("MW886", place=str(asked.campaign), what=what, name=name, known=", ".join(known) or "none")
        for what, name, known in named
        if name is not None and name not in known
    ]
    if wrong:
        raise MailweaveError(wrong)


def _catalogued(made: Campaign, name: str) -> Mapping[str, Mapping[str, object]]:
    """The items of the catalogue of a list, by key, as the campaign's context has them."""
    from mailweave.rules.context import Context

    return Context.of(made.context, made.schema).catalogs[made.schema.lists[name].catalog]


def _is_shown(made: Campaign, known: Mapping[str, Any], stock: str | None, item: str) -> bool:
    """Whether the campaign's context has the item, where it has its catalogue at all, and any of it in stock."""
    if known and item not in known:
        return False
    return stock is None or made.context.get("lookups", {}).get(stock, {}).get(item, 0) > 0


def _print(found: Recommended, out: Path) -> None:
    at, others = found.at, len(found.lists) - found.personal
    click.echo(f"{found.name}: {found.personal:,} recipients by {found.by}, {others:,} by what is popular")
    for name, one in ((f"by {found.by}", found.own), ("popular", found.popular)):
        low, high = one.ndcg_interval
        click.echo(
            f"  {name}: NDCG@{at} {one.ndcg:.4f} [{low:.4f}, {high:.4f}], precision@{at} {one.precision:.4f}, "
            f"coverage {one.coverage:.1%}"
        )
    click.echo(_gain("gain", at, found.gain))
    if found.newcomers is not None:
        click.echo("  " + ", ".join(f"{name} {size:,}" for name, size in found.sizes.items()))
        click.echo(_gain("newcomers, popular by segment: gain", at, found.newcomers))
    click.echo(f"{out}")


def _gain(what: str, at: int, gain: Gain) -> str:
    return f"  {what} in NDCG@{at}: {gain}"
