"""data.toml, read: its settings, the declarations of the rules that it names, and where each of its keys stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mailweave.campaign.folder_files import SETTINGS
from mailweave.content.toml import TomlText, read_toml, validate
from mailweave.data.settings import DataSettings, Export
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose, did_you_mean
from mailweave.rules.compiler import checked_rules
from mailweave.schema.model import Schema
from mailweave.source import Source

FILE: Final = "data.toml"
_KEYS: Final = "write the key as docs/clean-data.md shows it"


@dataclass(frozen=True, slots=True)
class DataMapping:
    """A mapping and the schema that it leads to. `folder`: what its paths begin at."""

    folder: Path
    text: TomlText
    settings: DataSettings
    schema: Schema

    def export(self, event: str = "") -> Export:
        """The export of recipients, or of events of a type. Raises MailweaveError (MW830) where there is none."""
        found = self.settings.event.get(event) if event else self.settings.profile
        if found is None:
            table = f"[event.{event}]" if event else "[profile]"
            what, help = f"it has no table {table}", did_you_mean(event, self.settings.event)
            raise MailweaveError([self.finding((), what, "say there which files are read", help=help)])
        return found

    def finding(self, at: tuple[str, ...], what: str, todo: str, *, help: str = "") -> Diagnostic:
        """What is wrong at a key of the mapping; `at` begins with the type of event, empty for recipients."""
        path = at and (*(("event", at[0]) if at[0] else ("profile",)), *at[1:])
        return diagnose("MW830", self.text.source, self.text.key_span(path), what=what, todo=todo, help=help)


def read_mapping(path: Path) -> DataMapping:
    """The mapping in a file, its rules checked.

    Raises MailweaveError: MW830 for what it cannot mean, MW601 to MW603 for its form, and what its rules raise.
    """
    source = Source(str(path), _text(path))
    text, found = read_toml(source)
    if text is None:
        raise MailweaveError(found)
    settings, found = validate(DataSettings, text)
    if settings is None:
        raise MailweaveError([replace(one, help=_KEYS) if one.code == "MW603" else one for one in found])
    mapping = DataMapping(path.parent, text, settings, schema_at(path.parent / settings.rules))
    unknown = [
        diagnose("MW830", source, text.key_span(("event", name)), what=f"the rules declare no event `{name}`",
                 todo=f"declared are {', '.join(mapping.schema.events) or 'none'}",
                 help=did_you_mean(name, mapping.schema.events))
        for name in settings.event
        if name not in mapping.schema.events
    ]  # fmt: skip
    if unknown:
        raise MailweaveError(unknown)
    return mapping


def schema_at(path: Path) -> Schema:
    """What a rule text declares, or a campaign in a folder. Raises MailweaveError."""
    if (path / SETTINGS).is_file():
        from mailweave.environment import Environment

        return Environment().compile(path).schema
    return checked_rules(Source(str(path), _text(path))).schema


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except IsADirectoryError:
        todo = "name a rule text, or a folder that holds a campaign.toml"
        raise MailweaveError([diagnose("MW001", place=str(path), what=str(path), todo=todo)]) from None
    except FileNotFoundError:
        todo = "name a file that is there"
        raise MailweaveError([diagnose("MW001", place=str(path), what=str(path), todo=todo)]) from None
    except (OSError, ValueError):
        raise MailweaveError(
            [diagnose("MW006", place=str(path), what=path.name, why_not="not UTF-8 text, or not readable")]
        ) from None
