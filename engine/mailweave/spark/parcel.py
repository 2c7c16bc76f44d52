"""A campaign as it travels: the texts of its folder, and the digest that they must compile to again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from mailweave.batch.ledger import BatchError
from mailweave.campaign import Campaign
from mailweave.diagnostics import CampaignError, diagnose
from mailweave.environment import Environment

_TEXTS = frozenset({".toml", ".rules", ".html", ".css", ".txt"})


@dataclass(frozen=True, slots=True)
class Parcel:
    """The files of a campaign by their path in its folder; nothing but texts.

    `digest` is that of the compiled campaign, `version` that of the mailweave which compiled it.
    """

    digest: str
    version: str
    files: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, path: str | Path) -> tuple[Parcel, Campaign]:
        """The campaign in a folder, compiled here and made ready to travel. Raises CampaignError."""
        folder = Path(path)
        campaign = Environment().compile(folder)
        return cls(campaign.digest, version("mailweave"), tuple(_files(folder, campaign))), campaign

    def open(self) -> Campaign:
        """The campaign, compiled once in this process. Raises BatchError when it is not what was sent."""
        return _opened(self)


def _files(folder: Path, campaign: Campaign) -> Iterator[tuple[str, bytes]]:
    named = {folder / name for name in (campaign.config.context, campaign.config.layout) if name}
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        is_text = file.suffix in _TEXTS and not any(part.startswith(".") for part in inside.parts)
        if file.is_file() and (is_text or file in named):
            yield inside.as_posix(), file.read_bytes()


@lru_cache(maxsize=4)
def _opened(parcel: Parcel) -> Campaign:
    if parcel.version != version("mailweave"):
        raise _changed(f"mailweave is {version('mailweave')} here and {parcel.version} there")
    with TemporaryDirectory(prefix="mailweave-") as given:
        folder = Path(given)
        for name, content in parcel.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        try:
            campaign = Environment().compile(folder)
        except CampaignError as error:
            raise _changed(f"it does not compile here: {error}") from None
    if campaign.digest != parcel.digest:
        raise _changed("its digest is another one here")
    return campaign


def _changed(what: str) -> BatchError:
    return BatchError([diagnose("MW822", what=what)])
