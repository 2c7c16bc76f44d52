"""mailweave.toml: which folders beside a campaign its libraries may lie in, and which rules lint asks of all campaigns.

It is looked for from the campaign's folder upwards. It may declare what lies below its own folder, and nothing else: so a
file that came with a campaign opens nothing outside of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from mailweave.campaign.lint_settings import LintSettings
from mailweave.content.files import TEXT, refusal
from mailweave.content.toml import TomlText, read_toml, validate
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.library_paths import PROJECT
from mailweave.root import Refused, Root
from mailweave.source import Source


class _ProjectConfig(BaseModel):
    """The settings of a project: `roots` are folders below its own, by relative paths; `lint` as in campaign.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    roots: tuple[str, ...] = ()
    lint: LintSettings = LintSettings()


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a mailweave.toml, under the name that findings give the file, the roots that it declares, and what
    it says of lint."""

    folder: Path
    shown: str
    roots: tuple[Path, ...]
    lint: LintSettings

    def root_of(self, target: Path) -> Path | None:
        """The narrowest root that a folder lies in."""
        around = [root for root in self.roots if target.is_relative_to(root)]
        return max(around, key=lambda root: len(root.parts), default=None)


def project_files(campaign: Path) -> Iterator[Path]:
    """Where mailweave.toml may stand for a campaign, the nearest place first."""
    folder = Path(os.path.realpath(campaign))
    yield from (one / PROJECT for one in (folder, *folder.parents))


def project_of(campaign: Path, given: Path) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """The project around a campaign, and what is wrong with its file; None where there is none that can be read.

    given: how the author named the campaign's folder.
    """
    file = next((one for one in project_files(campaign) if one.is_file()), None)
    if file is None:
        return None, ()
    shown = _shown(file, campaign, given)
    try:
        source = Source(shown, Root(file.parent).text(PROJECT, TEXT))
    except Refused as refused:
        return None, (refusal(refused, shown, where="its folder"),)
    except UnicodeDecodeError:
        return None, (diagnose("MW006", place=shown, what=shown, why_not="not UTF-8"),)
    text, found = read_toml(source)
    if text is None:
        return None, found
    config, wrong = validate(_ProjectConfig, text)
    if config is None:
        return None, (*found, *wrong)
    roots, outside = _roots(file.parent, config, text)
    return Project(file.parent, shown, roots, config.lint), (*found, *wrong, *outside)


def _roots(folder: Path, config: _ProjectConfig, text: TomlText) -> tuple[tuple[Path, ...], list[Diagnostic]]:
    """The declared folders, as far as they lie below the file's own."""
    project, roots, found = Root(folder), [], []
    for number, name in enumerate(config.roots):
        try:
            if project.is_folder(name):
                roots.append(Path(os.path.realpath(project.path / name)))
        except Refused as refused:
            span = text.value_span(("roots", number))
            found.append(diagnose("MW076", text.source, span, root=name, why=refused.what))
    return tuple(roots), found


def _shown(file: Path, campaign: Path, given: Path) -> str:
    """The file by the name under which the author would find it from where the campaign was named."""
    steps = len(Path(os.path.realpath(campaign)).parents) - len(file.parent.parents)
    return Path(os.path.normpath(given.joinpath(*[".."] * steps, PROJECT))).as_posix()
