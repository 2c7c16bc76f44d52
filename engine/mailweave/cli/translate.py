"""mailweave translate: what there is to translate in a campaign, catalogues merged and checked."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailweave.cli.findings import fail, format_option, report
from mailweave.diagnostics import Diagnostic, Severity, diagnose
from mailweave.values.locales import locale_named

if TYPE_CHECKING:
    from mailweave.campaign.compiler import MessagesAsked
    from mailweave.translate.catalogues import Texts

_TEMPLATE = "messages.pot"
_UNREADABLE = frozenset({"MW006", "MW007", "MW050", "MW051", "MW063"})


@click.group(name="translate", subcommand_metavar="COMMAND CAMPAIGN [ARGS]...")
def command() -> None:
    """Translate a campaign: its texts lie in `locales`, one file of gettext a locale (docs/translations.md)."""


@command.command(name="extract")
@click.argument("campaign", type=click.Path(exists=True, file_okay=False, path_type=Path))
def extract(campaign: Path) -> None:
    """Write every text of CAMPAIGN into locales/messages.pot.

    Those of the libraries that it takes blocks and snippets from are among them. Texts with tags of Liquid are not:
    they are listed.
    """
    from mailweave.translate import extracted, of_libraries

    texts, found = _asked(campaign)
    _save(campaign / "locales" / _TEMPLATE, extracted(texts))
    shared = len(of_libraries(texts, found.catalogues.values()))
    known = f", {shared} of them translated by a library" if shared else ""
    click.echo(f"{campaign / 'locales' / _TEMPLATE}: {_count(len(texts))}{known}")
    _tell_left_out(found, listed=True)


@command.command(name="update")
@click.argument("campaign", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("locales", nargs=-1, metavar="[LOCALE]...")
def update(campaign: Path, locales: tuple[str, ...]) -> None:
    """Merge the texts of CAMPAIGN into its catalogues, and begin one for each new LOCALE.

    What was translated stays; of a text that changed the translation is kept and marked `fuzzy`, and is not shown
    until somebody takes the mark away. Nothing is written where a catalogue cannot be read.
    """
    from mailweave.translate import lacking, updated

    texts, found = _asked(campaign, refused=_UNREADABLE)
    folder = campaign / "locales"
    names = {path.stem for path in folder.glob("*.po")} | {_locale(name) for name in locales}
    if not names:
        raise click.UsageError("there is no catalogue yet: name a locale such as de")
    for name in sorted(names):
        path = folder / f"{name}.po"
        before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        locale = locale_named(name) or name
        _save(path, updated(before, lacking(texts, found.catalogues.get(locale)), locale))
        click.echo(str(path))


@command.command(name="check")
@click.argument("campaign", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--missing", is_flag=True, help="List the texts without a translation.")
@format_option
def check(campaign: Path, missing: bool, form: str) -> None:
    """Say what each catalogue of CAMPAIGN lacks; exit 1 for placeholders that are missing, and for missing texts."""
    from mailweave.translate import asked, share

    found = asked(campaign)
    told: list[Diagnostic] = [one for one in found.diagnostics if one.severity is Severity.ERROR]
    own = [one for one in found.catalogues.values() if not one.source.shared]
    for catalogue in own if found.texts is not None else ():
        has = share(catalogue, found.texts or ())
        click.echo(f"{has.locale}: {has.translated} of {has.all} texts", err=form != "text")
        if missing:
            for context, text in has.missing:
                click.echo(f"  {context}: {text}", err=form != "text")
        if has.missing:
            place = catalogue.source.name
            told.append(
                diagnose("MW064", place=place, missing=len(has.missing), all=has.all, locale=has.locale)
            )
    _tell_left_out(found, listed=missing, err=form != "text")
    raise SystemExit(report(told, form))


def _asked(campaign: Path, refused: Collection[str] = ()) -> tuple[Texts, MessagesAsked]:
    """What there is to translate, and what is; ends with the errors where that cannot be told, or one of them is among
    `refused`."""
    from mailweave.translate import asked

    found = asked(campaign)
    wrong = [one for one in found.diagnostics if one.severity is Severity.ERROR]
    if found.texts is None or any(one.code in refused for one in wrong):
        fail(wrong)
    return found.texts, found


def _tell_left_out(found: MessagesAsked, *, listed: bool, err: bool = False) -> None:
    """What no catalogue can hold, so that it is not lost silently."""
    if found.left_out:
        click.echo(f"left out, as no catalogue can hold them: {_count(len(found.left_out))}", err=err)
    for context, text in found.left_out if listed else ():
        click.echo(f"  {context}: {text}", err=err)


def _count(number: int) -> str:
    return f"{number} text{'' if number == 1 else 's'}"


def _locale(name: str) -> str:
    found = locale_named(name)
    if found is None:
        raise click.UsageError(f"{name} is no locale such as de or de_AT")
    return found


def _save(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        fail([diagnose("MW024", place=str(path), what=f"cannot write: {error.strerror}")])
