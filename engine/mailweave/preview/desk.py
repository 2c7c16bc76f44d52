"""What lies on the desk: the campaign of a folder as it was last saved, and what is said of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from mailweave import lint
from mailweave.campaign import Campaign
from mailweave.campaign.asked_locale import locales_shown
from mailweave.campaign.catalogue_files import CATALOGUE, LOCALES
from mailweave.campaign.compiler import compile_folder
from mailweave.campaign.config import exact_locale
from mailweave.campaign.drafts import Draft
from mailweave.campaign.folder import libraries_around
from mailweave.campaign.libraries import Library
from mailweave.campaign.source_marks import SourceMarks
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.preview.file_ids import FileIds
from mailweave.preview.in_locales import InLocales
from mailweave.root import Refused, Root, read_once

_MOST = 1_000_000  # bytes of a file that is shown
_SHOWN = (".toml", ".rules", ".html", ".txt", ".css", ".json", ".po", ".liquid")


@dataclass(frozen=True, slots=True)
class Edition:
    """The folder at one save.

    campaign: the last one that compiled, of this save where `is_current`. texts: the files that may be shown, by the
    name that findings give them. seconds: how long compiling took. ids: of all editions. is_whole: whether AMP is there,
    and lint and proofs had their say. has_text: whether plain text is there; the very first edition is shown without.
    locales: those in which mails can be shown, whoever reads them.
    """

    number: int
    campaign: Campaign | None
    is_current: bool
    findings: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    seconds: float
    ids: FileIds
    is_whole: bool = False
    has_text: bool = True
    locales: tuple[str, ...] = ()

    @property
    def files(self) -> Mapping[str, str]:
        """The names of `texts`, by what a browser asks for: never by a path."""
        return {self.ids.of(name): name for name in self.texts}


@dataclass(slots=True)
class Desk:
    """Compiles a folder anew when it is told to, and keeps the last campaign that compiled.

    is_closing: whether who waits for a change is to be let go. told: called when there is another edition.
    """

    folder: Path
    is_closing: Callable[[], bool] = lambda: False
    told: Callable[[], None] = lambda: None
    edition: Edition = field(default_factory=lambda: Edition(0, None, False, (), {}, 0.0, FileIds()))
    _draft: Draft = field(default_factory=Draft)
    _shared: frozenset[Path] = frozenset()
    _in_locales: InLocales | None = None

    def in_locale(self, locale: str) -> Campaign:
        """The campaign as everybody would read it in a locale. Raises CampaignError where there is none."""
        if self._in_locales is None:
            self._in_locales = InLocales(self.folder, self.marks)
        return self._in_locales.campaign(locale, self.edition.texts)

    @property
    def marks(self) -> SourceMarks:
        """Those in the mails of all editions."""
        return self._draft.marks

    def reload(self) -> None:
        """The folder as it is now, as soon as mails can be shown; `judge` says the rest. Both in one thread."""
        with read_once():
            self._reload()
        self.told()

    def _reload(self) -> None:
        began = time.perf_counter()
        last = self.edition
        texts: Mapping[str, str] = last.texts
        try:
            first = self._draft.first_look(with_text=last.campaign is not None)
            campaign, found = compile_folder(self.folder, draft=first)
            libraries = libraries_around(self.folder)
            self._shared = frozenset(one.root.folder for one in libraries)
            texts = dict(_texts(self.folder, libraries, campaign or last.campaign))
        except Exception as error:  # noqa: BLE001 - the desk outlives it, and the next save may mend it
            campaign, found = None, (own_fault(error),)
        shown, seconds = campaign or last.campaign, time.perf_counter() - began
        locales = last.locales if campaign is None else _locales(self.folder, campaign)
        self.edition = Edition(
            last.number + 1,
            shown,
            campaign is not None,
            found,
            texts,
            seconds,
            last.ids,
            has_text=last.campaign is not None,
            locales=locales,
        )

    def shared(self) -> frozenset[Path]:
        """The folders outside the campaign's own that it is made from, as it was last read."""
        return self._shared

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
            self.edition = replace(
                edition, number=number, campaign=campaign, findings=found, is_whole=True, has_text=True
            )
            self.told()

    def _judged(self) -> tuple[Campaign | None, tuple[Diagnostic, ...]]:
        campaign, found = compile_folder(self.folder, draft=self._draft)
        if campaign is None:  # saved anew meanwhile; that save is compiled next
            return None, found
        return campaign, lint.findings(campaign, self.folder, found, self._draft.once)


def own_fault(error: Exception) -> Diagnostic:
    """That mailweave is at fault, by the kind of error alone: its text could hold a recipient's data. Or the system is,
    which refuses a file: on a full disk for example. What could be shown stays, and nothing is kept."""
    if isinstance(error, OSError) and error.strerror:
        todo = "make room where temporary files lie, or name another folder for them: TMPDIR"
        return diagnose(
            "MW024", place="preview", what=f"the system refuses a file: {error.strerror}", help=todo
        )
    what = f"internal fault of mailweave ({type(error).__name__})"
    return diagnose(
        "MW024", place="preview", what=what, help="save once more; if it comes again, tell its makers"
    )


def _texts(
    folder: Path, libraries: Sequence[Library], campaign: Campaign | None
) -> Iterator[tuple[str, str]]:
    """The files of the folder and of its libraries, and the stock blocks that the campaign is woven from."""
    yield from _below(Root(folder), folder)
    for library in libraries:
        yield from _below(library.root, library.shown)
    if campaign is not None:
        given = campaign.templates()
        for source in (given.layout, *(each for named in given.slots.values() for each in named.values())):
            if source.name.startswith("<stock>"):
                yield source.name, source.text


def _locales(folder: Path, campaign: Campaign) -> tuple[str, ...]:
    names = (PurePath(name).stem for name in _listed(Root(folder), LOCALES) if name.endswith(CATALOGUE))
    return locales_shown(campaign.config, filter(exact_locale, names))


def _below(root: Root, shown: Path) -> Iterator[tuple[str, str]]:
    for name in sorted(_names(root)):
        try:
            yield (shown / name).as_posix(), root.text(name, _MOST)
        except (Refused, UnicodeDecodeError):
            continue  # a finding says so


def _names(root: Root) -> Iterator[str]:
    """The files that are shown, by folder; what cannot be entered hides nothing but itself."""
    blocks = (f"blocks/{block}" for block in _listed(root, "blocks"))
    for folder in ("", "locales", "snippets", *blocks):
        yield from (f"{folder}/{name}".lstrip("/") for name in _listed(root, folder) if name.endswith(_SHOWN))


def _listed(root: Root, folder: str) -> tuple[str, ...]:
    try:
        return root.names(folder) if root.is_folder(folder) else ()
    except Refused:
        return ()
