"""mailweave data consent: the record of consents, and the record of processing."""

from __future__ import annotations

from pathlib import Path

import click

from mailweave.cli.data_options import PATH, holdings_of, instant, mapping_in, mapping_option, now_option, run
from mailweave.diagnostics import Diagnostic


@click.command(name="consent")
@mapping_option
@click.option("--store", type=PATH, metavar="DIR", help="The record; else `consents` of the mapping.")
@click.option("--add", type=PATH, metavar="FILE", help="Record the consents of a file of JSON lines.")
@click.option("--state", "out", type=PATH, metavar="FILE", help="Write who has agreed to what, as of --now.")
@click.option("--list", "people", type=PATH, metavar="FILE", help="With --state: put it into this list.")
@click.option("--verify", "is_verify", is_flag=True, help="Find any change, removal or reordering.")
@click.option("--head", metavar="N:HASH", help="With --verify: a head that was printed before.")
@click.option(
    "--processing", type=PATH, metavar="CAMPAIGN", help="Write the record of processing of a campaign."
)
@click.option(
    "--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True
)
@now_option
def consent(
    mapping: Path,
    store: Path | None,
    add: Path | None,
    out: Path | None,
    people: Path | None,
    is_verify: bool,
    head: str | None,
    processing: Path | None,
    form: str,
    now: str | None,
) -> None:
    """Keep the record of consents: add to it, verify it, write what rules read of it; write the record of processing.

    A consent has `who`, `purpose`, `given`, `at`, `wording`, `source`. Exit 1 where the record is not what was written.

    \b
    mailweave data consent --add consents.jsonl
    mailweave data consent --verify
    mailweave data consent --state list.jsonl --list people.jsonl --now 2026-12-01T09:00Z
    mailweave data consent --processing my-campaign
    """
    if sum((add is not None, out is not None, is_verify, processing is not None)) != 1:
        raise click.UsageError("say one of --add, --state, --verify, --processing")
    if (people is not None and out is None) or (head is not None and not is_verify):
        raise click.UsageError("--list goes with --state, --head with --verify")

    def work() -> tuple[Diagnostic, ...]:
        if processing is not None:
            return _processing(processing, form)
        if is_verify:
            return _verify(_store(mapping, store), head)
        return _add(mapping, store, add) if add is not None else _state(mapping, store, out, people, now)

    run(work)


def _processing(campaign: Path, form: str) -> tuple[Diagnostic, ...]:
    from mailweave.data.consent.processing import processing_record
    from mailweave.data.consent.processing_words import as_json, as_markdown
    from mailweave.environment import Environment

    record = processing_record(Environment().compile(campaign))
    click.echo(as_json(record) if form == "json" else as_markdown(record), nl=form == "json")
    return ()


def _store(mapping: Path, store: Path | None) -> Path:
    if store is not None:
        return store
    found = mapping_in(mapping)
    return found.folder / found.settings.consents


def _verify(store: Path, head: str | None) -> tuple[Diagnostic, ...]:
    from mailweave.data.consent.chain import parse_head
    from mailweave.data.consent.verification import verify

    known = None if head is None else parse_head(head)
    if head is not None and known is None:
        raise click.BadParameter("a head is written N:HASH, as --verify prints it", param_hint="--head")
    reached, found = verify(store, known)
    if not any(one.code == "MW842" for one in found):
        click.echo(f"{reached.n:,} lines hold; head {reached}")
    return found


def _add(mapping: Path, store: Path | None, file: Path) -> tuple[Diagnostic, ...]:
    from mailweave.cli.files import read
    from mailweave.data.consent.records import read_consents
    from mailweave.data.consent.store import ConsentStore

    found = None if store is not None else mapping_in(mapping)
    purposes = None if found is None else found.schema.consents
    consents = read_consents(file, read(str(file), "strict").text, purposes)
    recorded = ConsentStore(_store(mapping, store)).add(consents)
    click.echo(f"{recorded.added:,} recorded, {recorded.known:,} stood there already; head {recorded.head}")
    return ()


def _state(
    mapping: Path, store: Path | None, out: Path | None, people: Path | None, now: str | None
) -> tuple[Diagnostic, ...]:
    from mailweave.data.consent.state import put_into, state, write_state
    from mailweave.data.consent.store import ConsentStore
    from mailweave.data.files import unusable

    assert out is not None  # one of the four was asked for
    holdings = holdings_of(mapping)
    kept = ConsentStore(_store(mapping, store))
    if not kept.exists:
        raise unusable(kept.folder, "there is no record of consents in it: --add begins one")
    same = holdings.aliases(but=out)
    with kept.locked(shared=True):
        found = state(kept.kept(), instant(now), same)
    if people is None:
        click.echo(f"{write_state(found, out, holdings.key_column):,} people have said yes or no")
    else:
        rows, said = put_into(found, people, out, holdings.key_column, same)
        click.echo(f"{rows:,} rows, {said:,} of people who have said yes or no")
    return ()
