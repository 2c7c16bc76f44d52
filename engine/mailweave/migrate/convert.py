"""A template of another system as a campaign, with the list of what a person should look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mailweave.diagnostics import Diagnostic, diagnose, ordered
from mailweave.migrate.bench import Bench
from mailweave.migrate.campaign_files import Files, campaign_files, title_of
from mailweave.migrate.carry import carried, unread
from mailweave.migrate.declared import declared
from mailweave.migrate.origins import Origins
from mailweave.migrate.run import DIALECTS, Converted, translate
from mailweave.migrate.sample import Sample
from mailweave.migrate.skips import skips
from mailweave.migrate.tree import Path
from mailweave.source import Source

_SETTINGS = "the sender, `unsubscribe_url` and `postal_address` in campaign.toml"
_SUBJECT = " and the subject in main.rules, which is the name of the folder,"
_MOST_NAMES = 12  # attributes, or values of the data, that are named in one finding


@dataclass(frozen=True, slots=True)
class Campaign:
    """The files of a campaign by their paths in its folder, and what a person should look at.

    source, liquid, origins: the template, what it became, and which place of it came from which."""

    files: Files
    told: tuple[Diagnostic, ...]
    source: Source | None = None
    liquid: str = ""
    origins: Origins = field(default_factory=Origins)


def convert(
    source: Source,
    dialect: str,
    name: str,
    *,
    given: Mapping[Path, Path] | None = None,
    sample: Sample | None = None,
) -> Campaign:
    """A template as a campaign of that name. given: the author's own targets of paths; sample: data of one recipient.

    Raises MailweaveError: MW665 for what the dialect itself cannot read, MW022 where a package is missing.
    """
    known = sample or Sample()
    bench = Bench(source, DIALECTS[dialect].title, known)
    try:
        made = translate(source, dialect, given=given, sample=known)
    except RecursionError:
        raise bench.refusal(0, "blocks or brackets stand too deep in each other") from None
    declares = declared(bench, made.uses, made.places)
    no_mail = skips(bench, made.tree, made.uses, made.places)
    files = campaign_files(name, made.liquid, declares, no_mail, _person(made, known))
    told = ordered([*made.told, *bench.told, *_notes(made, declares.guessed, known)])
    return Campaign(files, told, source, made.liquid, made.origins)


def _person(made: Converted, sample: Sample) -> dict[str, Any] | None:
    """The recipient of the data as a profile; values of events are not part of one."""
    if not sample.given:
        return None
    profile = carried(sample, made.places).get("profile", {})
    key = profile.get("id", "1")
    return {**profile, "id": str(key), "email": profile.get("email") or "ann@example.org"}


def not_said(html: str) -> list[Diagnostic]:
    """The notes on what no template says: settings, and where it is no page with a title the subject (MW667), who has
    agreed (MW676)."""
    made_up = _SETTINGS + ("" if title_of(html) else _SUBJECT)
    return [diagnose("MW667", place="campaign.toml", what=made_up), diagnose("MW676", place="main.rules")]


def _notes(made: Converted, guessed: Sequence[str], sample: Sample) -> list[Diagnostic]:
    notes = not_said(made.liquid)
    if guessed:
        notes.append(diagnose("MW670", place="main.rules", **_named(guessed)))
    if left_out := unread(sample, made.places):
        notes.append(diagnose("MW677", place="recipients/sample.json", **_named(left_out)))
    return notes


def _named(names: Sequence[str]) -> dict[str, Any]:
    """How many there are, and what the first are called."""
    more = ", .." if len(names) > _MOST_NAMES else ""
    return {"count": len(names), "names": ", ".join(names[:_MOST_NAMES]) + more}
