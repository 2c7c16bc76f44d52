"""mailweave recommend: lists of items for recipients, from what they took."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailweave.cli.findings import fail, report
from mailweave.diagnostics import MailweaveError, diagnose

if TYPE_CHECKING:
    from mailweave.campaign import Campaign
    from mailweave.insight.recommending import Recommended


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
@click.option(
    "--consent", metavar="PURPOSE", help="Who has not given it is not learned from, and gets what is popular."
)
@click.option(
    "--stock", metavar="LOOKUP", help="A lookup of the campaign's context: items at 0 are left out."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="The list of recipients with theirs: .parquet or .jsonl.")  # fmt: skip
def command(
    campaign: Path,
    profiles: tuple[str, ...],
    events: tuple[str, ...],
    name: str,
    event: str,
    item: str,
    consent: str | None,
    stock: str | None,
    out: Path,
) -> None:
    """Recommend items to the recipients of a list, and write the list with them as `mailweave batch --profiles` takes it.

    By taste (matrix factorisation of implicit feedback) for whom has taken anything, else what most people took; never
    what somebody has. Precision, NDCG with an interval and coverage are those of the last fifth of the events, foretold
    from the others, beside popular lists. Exit 1 where taste is not shown to be better. docs/recommend.md
    """
    try:
        found = _recommended(campaign, profiles, events, name, event, item, consent, stock, out)
    except MailweaveError as error:
        fail(error.diagnostics)
    _print(found, out)
    raise SystemExit(report(found.diagnostics, err=True))


def _recommended(
    campaign: Path,
    profiles: tuple[str, ...],
    events: tuple[str, ...],
    name: str,
    event: str,
    item: str,
    consent: str | None,
    stock: str | None,
    out: Path,
) -> Recommended:
    from mailweave.batch.extras import require

    require("insight", place=str(campaign), what="recommend")
    import duckdb
    import numpy as np

    from mailweave.environment import Environment
    from mailweave.insight.histories import Histories, write_scored
    from mailweave.insight.interactions import consenting, taken
    from mailweave.insight.recommending import recommend

    made = Environment().compile(campaign)
    _check(made, campaign, list=name, event=event, consent=consent, lookup=stock)
    try:
        with duckdb.connect() as connection:
            histories = Histories(connection, made.schema, profiles, events)
            pairs, items = taken(connection, histories, events, event, item)
            allowed = np.array([_is_shown(made, name, stock, one) for one in items], dtype=np.bool_)
            may = consenting(connection, histories, consent)
            shape = len(histories.keys), len(items)
            found = recommend(name, pairs, shape, made.schema.lists[name].max, allowed, may)
            listed = [[items[place] for place in one] for one in found.lists]
            out.parent.mkdir(parents=True, exist_ok=True)
            write_scored(connection, histories, {f"lists.{name}": listed}, str(out))
            return found
    except (duckdb.Error, OSError) as error:
        raise MailweaveError([diagnose("MW888", place=name, what=str(error).splitlines()[0])]) from None


def _check(made: Campaign, campaign: Path, **asked: str | None) -> None:
    schema = made.schema
    known: dict[str, Any] = {
        "list": schema.lists, "event": schema.events, "consent": schema.consents, "lookup": schema.lookups
    }  # fmt: skip
    wrong = [
        diagnose("MW886", place=str(campaign), what=what, name=name, known=", ".join(known[what]) or "none")
        for what, name in asked.items()
        if name is not None and name not in known[what]
    ]
    if wrong:
        raise MailweaveError(wrong)


def _is_shown(made: Campaign, name: str, stock: str | None, item: str) -> bool:
    """Whether the campaign's context has the item, where it has its catalogue at all, and any of it in stock."""
    catalog = made.schema.catalogs[made.schema.lists[name].catalog]
    items = made.context.get("catalogs", {}).get(catalog.name)
    if items is not None and all(one.get(catalog.key) != item for one in items):
        return False
    return stock is None or made.context.get("lookups", {}).get(stock, {}).get(item, 0) > 0


def _print(found: Recommended, out: Path) -> None:
    at = found.at
    click.echo(
        f"{found.name}: {found.personal:,} recipients by taste, {len(found.lists) - found.personal:,} by what is popular"
    )
    for name, one in (("by taste", found.by_taste), ("popular", found.popular)):
        low, high = one.ndcg_interval
        click.echo(
            f"  {name}: NDCG@{at} {one.ndcg:.4f} [{low:.4f}, {high:.4f}], precision@{at} {one.precision:.4f}, "
            f"coverage {one.coverage:.1%}"
        )
    low, high = found.gain_interval
    click.echo(
        f"  gain in NDCG@{at}: {found.gain:+.4f} [{low:+.4f}, {high:+.4f}], of {found.people:,} recipients"
    )
    click.echo(f"{out}")
