"""What lies on the desk: the campaign of a folder as it was last saved, and what is said of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mailweave.campaign import Campaign
from mailweave.campaign.compiler import compile_folder
from mailweave.campaign.drafts import Draft
from mailweave.diagnostics import Diagnostic, diagnose, ordered
from mailweave.lint import findings
from mailweave.prove import prove_quickly
from mailweave.root import Refused, Root

_MOST = 1_000_000  # bytes of a file that is shown
_SHOWN = (".toml", ".rules", ".html", ".txt", ".css", ".json")


@dataclass(frozen=True, slots=True)
class Edition:
    """The folder at one save.

    campaign: the last one that compiled, of this save where `is_current`. texts: the files that may be shown, by the
    name that findings give them. seconds: how long compiling took. is_whole: whether lint and proofs had their say.
    """

    number: int
    campaign: Campaign | None
    is_current: bool
    findings: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    seconds: float
    is_whole: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """The names of `texts`, in the order of their numbers: a browser asks for a number, never for a path."""
        return tuple(self.texts)


@dataclass(slots=True)
class Desk:
    """Compiles a folder anew when it is told to, and keeps the last campaign that compiled.

    is_closing: whether who waits for a change is to be let go.
    """

    folder: Path
    is_closing: Callable[[], bool] = lambda: False
    edition: Edition = field(default_factory=lambda: Edition(0, None, False, (), {}, 0.0))
    _draft: Draft = field(default_factory=Draft)

    def reload(self) -> None:
        """The folder as it is now, as soon as mails can be shown; `judge` says the rest. Both in one thread."""
        began = time.perf_counter()
        last = self.edition
        texts: Mapping[str, str] = last.texts
        try:
            campaign, found = compile_folder(self.folder, draft=self._draft.without_amp())
            texts = dict(_texts(self.folder, campaign or last.campaign))
        except Exception as error:  # noqa: BLE001 - the desk outlives it, and the next save may mend it
            campaign, found = None, (own_fault(error),)
        shown, seconds = campaign or last.campaign, time.perf_counter() - began
        self.edition = Edition(last.number + 1, shown, campaign is not None, found, texts, seconds)

    def judge(self) -> None:
        """AMP, and what lint and proofs say of what was compiled last."""
        edition = self.edition
        if not edition.is_current:
            return
        try:
            campaign, found = self._judged()
        except Exception as error:  # noqa: BLE001 - what could be shown stays
            campaign, found = edition.campaign, (*edition.findings, own_fault(error))
        if campaign is not None:
            number = edition.number + 1
            self.edition = replace(edition, number=number, campaign=campaign, findings=found, is_whole=True)

    def _judged(self) -> tuple[Campaign | None, tuple[Diagnostic, ...]]:
        campaign, found = compile_folder(self.folder, draft=self._draft)
        if campaign is None:  # saved anew meanwhile; that save is compiled next
            return None, found
        said = findings(campaign, self._draft.once)
        return campaign, ordered([*found, *said, *prove_quickly(campaign.decisions.source)])


def own_fault(error: Exception) -> Diagnostic:
    """That mailweave is at fault, by the kind of error alone: its text could hold a recipient's data."""
    what = f"internal fault of mailweave ({type(error).__name__})"
    return diagnose(
        "MW024", place="preview", what=what, help="save once more; if it comes again, tell its makers"
    )


def _texts(folder: Path, campaign: Campaign | None) -> Iterator[tuple[str, str]]:
    """The files of the folder, and the stock blocks that the campaign is woven from."""
    root = Root(folder)
    for name in sorted(_names(root)):
        try:
            yield (folder / name).as_posix(), root.text(name, _MOST)
        except (Refused, UnicodeDecodeError):
            continue  # a finding says so
    if campaign is not None:
        given = campaign.templates()
        for source in (given.layout, *(each for named in given.slots.values() for each in named.values())):
            if not Path(source.name).is_relative_to(folder):
                yield source.name, source.text


def _names(root: Root) -> Iterator[str]:
    """The files that are shown, by folder; what cannot be entered hides nothing but itself."""
    blocks = (f"blocks/{block}" for block in _listed(root, "blocks"))
    for folder in ("", *blocks):
        yield from (f"{folder}/{name}".lstrip("/") for name in _listed(root, folder) if name.endswith(_SHOWN))


def _listed(root: Root, folder: str) -> tuple[str, ...]:
    try:
        return root.names(folder) if root.is_folder(folder) else ()
    except Refused:
        return ()
