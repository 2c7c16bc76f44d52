"""A template of another system as a campaign, with the list of what a person should look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mailweave.diagnostics import Diagnostic, diagnose, ordered
from mailweave.migrate.bench import Bench
from mailweave.migrate.campaign_files import Files, campaign_files
from mailweave.migrate.carry import carried
from mailweave.migrate.declared import declared
from mailweave.migrate.origins import Origins
from mailweave.migrate.run import DIALECTS, Converted, translate
from mailweave.migrate.sample import Sample
from mailweave.migrate.skips import skips
from mailweave.migrate.tree import Path
from mailweave.source import Source

_SETTINGS = "the sender, `unsubscribe_url` and `postal_address`"
_MOST_NAMES = 12  # attributes that are named in one finding


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
    told = ordered([*made.told, *bench.told, *_notes(declares.guessed)])
    return Campaign(files, told, source, made.liquid, made.origins)


def _person(made: Converted, sample: Sample) -> dict[str, Any] | None:
    """The recipient of the data as a profile; values of events are not part of one."""
    if not sample.given:
        return None
    profile = carried(sample, made.places).get("profile", {})
    key = profile.get("id", "1")
    return {**profile, "id": str(key), "email": profile.get("email") or "ann@example.org"}


def made_up() -> Diagnostic:
    """The note on what no template says (MW667)."""
    return diagnose("MW667", place="campaign.toml", what=_SETTINGS)


def _notes(guessed: tuple[str, ...]) -> list[Diagnostic]:
    notes = [made_up()]
    if guessed:
        names = ", ".join(guessed[:_MOST_NAMES]) + (", .." if len(guessed) > _MOST_NAMES else "")
        notes.append(diagnose("MW670", place="main.rules", count=len(guessed), names=names))
    return notes
