"""A campaign as readers of one locale, or of a pseudo-locale, are shown it: for whoever looks at it before it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mailweave.campaign.config import CampaignConfig, exact_locale
from mailweave.campaign.folder import CampaignFolder
from mailweave.content.pseudo_locales import PSEUDO_LOCALES, PseudoCatalogue
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.values.locales import language_tag


def in_locale(folder: CampaignFolder, asked: str) -> tuple[CampaignFolder | None, tuple[Diagnostic, ...]]:
    """The campaign as if `locale` in campaign.toml said so; none where nobody is shown that one."""
    pseudo = next((name for name in PSEUDO_LOCALES if name == asked.replace("_", "-")), None)
    if pseudo is not None:
        return _in_pseudo(folder, pseudo), ()
    locale = exact_locale(asked)
    if locale is None or not folder.config.speaks(locale):
        known = locales_shown(folder.config, folder.catalogues)
        what = f"the campaign has no locale `{asked}`: it has {', '.join(known)}"
        return None, (diagnose("MW024", place="locale", what=what, help=did_you_mean(asked, known)),)
    return replace(folder, config=folder.config.model_copy(update={"locale": locale})), ()


def locales_shown(config: CampaignConfig, catalogues: Iterable[str]) -> tuple[str, ...]:
    """The locales of a campaign, as `in_locale` takes them: those that it names, else its own and those of catalogues."""
    spoken = config.locales or (config.default_locale, *catalogues)
    return (*dict.fromkeys(map(language_tag, spoken)), *PSEUDO_LOCALES)


def _in_pseudo(folder: CampaignFolder, name: str) -> CampaignFolder:
    config, pseudo = folder.config, PSEUDO_LOCALES[name]
    own = config.default_locale
    changed = {"locale": own, "dir": pseudo.direction or config.dir}
    catalogues = {own: PseudoCatalogue.of(pseudo, own)}
    return replace(folder, config=config.model_copy(update=changed), catalogues=catalogues)
