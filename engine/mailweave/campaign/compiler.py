"""From a folder to a campaign: every stage once, every finding collected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from mailweave.campaign.asked_locale import in_locale
from mailweave.campaign.campaign import Campaign
from mailweave.campaign.compilation import Compilation, errors
from mailweave.campaign.drafts import Draft
from mailweave.campaign.folder import FolderReader
from mailweave.campaign.separate import check_files
from mailweave.campaign.texts import CampaignTexts, changed, written
from mailweave.content.catalogues import Catalogue
from mailweave.diagnostics import (
    CampaignError,
    Diagnostic,
    Severity,
    diagnose,
    ordered,
)
from mailweave.root import read_once


@lru_cache(maxsize=4)
def opened(texts: CampaignTexts) -> Campaign:
    """The campaign that was sent as its texts, compiled once in this process. Raises CampaignError where it is not
    what was sent."""
    if texts.version != version("mailweave"):
        raise changed(f"mailweave is {version('mailweave')} here and was {texts.version} there")
    with TemporaryDirectory(prefix="mailweave-") as held:
        folder, sent = written(texts, Path(held))
        reader = FolderReader(folder, Path(texts.given), sent)
        campaign, found = compile_reader(reader, strict=texts.strict)
    if campaign is None:
        raise CampaignError([*found, diagnose("MW044", what="its texts do not compile")])
    if campaign.digest != texts.digest:
        raise changed("its texts have another digest than was sent")
    return campaign


def compile_folder(
    path: Path,
    *,
    given: Path | None = None,
    strict: bool = False,
    draft: Draft | None = None,
    locale: str = "",
) -> tuple[Campaign | None, tuple[Diagnostic, ...]]:
    """The campaign in a folder, or None, and everything there is to say about it.

    `given`: how findings name the folder, where that is another name than its path. `strict`: whether data with names
    that no rule declares is refused. `draft`: what a preview keeps between two compilations. `locale`: the one, perhaps
    a pseudo-locale, in which everybody is written to, whatever their data says; such a campaign does not travel.
    """
    with read_once():
        return compile_reader(FolderReader(path, given), strict=strict, draft=draft, locale=locale)


def compile_reader(
    reader: FolderReader, *, strict: bool = False, draft: Draft | None = None, locale: str = ""
) -> tuple[Campaign | None, tuple[Diagnostic, ...]]:
    """Like `compile_folder`, of the folder that `reader` reads."""
    folder = reader.read()
    if folder is not None and locale:
        folder, wrong = in_locale(folder, locale)
        if folder is None:
            return None, (*reader.diagnostics, *wrong)
    if folder is None:
        alone = errors(check_files(reader)) if reader.is_begun else ()
        return None, reader.of_what_is_there([*alone, *reader.diagnostics])
    compilation = Compilation(folder, opened, strict=strict, draft=draft, locale=locale)
    campaign = compilation.run()
    alone = errors(check_files(reader)) if campaign is None and not compilation.has_templates else ()
    found = reader.of_what_is_there([*compilation.diagnostics, *alone, *reader.diagnostics])
    if campaign is None or any(d.severity is Severity.ERROR for d in found):
        return None, found
    return campaign, found


@dataclass(frozen=True, slots=True)
class MessagesAsked:
    """The context and the text of every message of a campaign, None where it does not come so far; of each text that
    cannot be translated, as it holds tags of Liquid; its catalogues by locale, and what is wrong with it."""

    texts: tuple[tuple[str, str], ...] | None
    left_out: tuple[tuple[str, str], ...]
    catalogues: Mapping[str, Catalogue]
    diagnostics: tuple[Diagnostic, ...]


def messages_asked(path: Path) -> MessagesAsked:
    """What there is to translate in a campaign."""
    reader = FolderReader(path)
    folder = reader.read()
    if folder is None:
        return MessagesAsked(None, (), {}, ordered(reader.diagnostics))
    compilation = Compilation(folder, opened, translates=True)
    campaign, texts = compilation.run(), compilation.texts
    found = ordered([*reader.diagnostics, *compilation.diagnostics])
    if campaign is None or texts is None:
        return MessagesAsked(None, (), folder.catalogues, found)
    return MessagesAsked(tuple(sorted(texts.asked)), tuple(sorted(texts.left_out)), folder.catalogues, found)
