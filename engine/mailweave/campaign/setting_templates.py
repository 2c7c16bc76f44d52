"""The settings of campaign.toml that are templates: address and name, the link to unsubscribe, lets, where somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from mailweave.campaign.assembly import Assembler
from mailweave.campaign.calendars import CalendarTemplates, calendar_settings
from mailweave.campaign.data_sources import DataSource, check_of, lookup_uses
from mailweave.campaign.envelopes import Addressing
from mailweave.campaign.folder import CampaignFolder
from mailweave.campaign.lines import Line, Paragraphs
from mailweave.campaign.open_settings import PLACE
from mailweave.campaign.own_texts import OwnText, OwnTexts, Setting, own_settings
from mailweave.campaign.recipient_place import FixedPlace, RecipientPlaces
from mailweave.campaign.render_context import RenderContexts
from mailweave.campaign.setting_forms import by_recipient
from mailweave.campaign.translated_texts import TranslatedTexts
from mailweave.campaign.url_templates import MailboxTemplate, UrlTemplate, named, read_by
from mailweave.content.snippets.expansion import Expander
from mailweave.content.toml import Path
from mailweave.diagnostics import diagnose
from mailweave.rules import Program
from mailweave.source import Source
from mailweave.values.invalid_value import InvalidValue


@dataclass(frozen=True, slots=True)
class SettingTemplates:
    """Compiles them; None stands for what does not compile, and the assembler says why.

    known: what everybody sees alike under `campaign`. texts: those in other languages, where there are any.
    """

    folder: CampaignFolder
    assembler: Assembler
    snippets: Expander
    known: Mapping[str, Any]
    texts: TranslatedTexts | None

    def line(self, source: Source) -> Line | None:
        """A template of one line, with its snippets."""
        line = self.snippets.expand(source, "line")
        template = self.assembler.template(line, "none")
        return None if template is None else Line(template, line.text)

    def addressing(self) -> Addressing | None:
        """To whom a mail goes."""
        config, source = self.folder.config, self._setting(("to",), self.folder.config.to)
        to = self.assembler.template(source, "none")
        to_name = self.line(self._setting(("to_name",), config.to_name))
        own = self._own()
        if to is None or to_name is None or own is None:
            return None
        mailbox = MailboxTemplate(to, read_by(source, self._lets()), config.smtputf8)
        return Addressing(mailbox, to_name, to_name.fixed, own)

    def _own(self) -> OwnTexts | None:
        """The headers of the campaign's own, and what else goes with a message."""
        made = [self._own_text(setting) for setting in own_settings(self.folder.config)]
        ready = tuple(one for one in made if one is not None)
        return OwnTexts(ready) if len(ready) == len(made) else None

    def calendar(self) -> CalendarTemplates | None:
        """The event of `[calendar]`, which there is. None where it does not compile, or no package can write it."""
        settings = self.folder.config.calendar
        assert settings is not None
        source, name = self.folder.settings.source, ("calendar",)
        if find_spec("icalendar") is None:
            span, extra = self.folder.settings.key_span(name), "delivery"
            self.assembler.diagnostics.append(
                diagnose("MW022", source, span, what="`[calendar]`", extra=extra)
            )
            return None
        given = list(calendar_settings(settings))
        ready = [one for one in map(self._own_text, given) if one is not None]
        url = self._url(("calendar", "url"), settings.url) if settings.url else None
        if len(ready) < len(given) or (settings.url and url is None):
            return None
        texts = {str(one.setting.path[1]): one for one in ready if len(one.setting.path) == 2}
        alarms = tuple(one for one in ready if len(one.setting.path) > 2)
        return self._fitting(CalendarTemplates(settings, texts, alarms, url))

    def _fitting(self, calendar: CalendarTemplates) -> CalendarTemplates | None:
        """It itself, unless it can be nobody's event."""
        zone = self.folder.config.timezone
        try:
            calendar.check_fixed(None if by_recipient(zone) else zone)
        except InvalidValue as refusal:
            settings, key = self.folder.settings, refusal.path
            span = settings.value_span(tuple(key.split(".")))
            found = diagnose("MW603", settings.source, span, key=key, problem=refusal.reason)
            self.assembler.diagnostics.append(found)
            return None
        return calendar

    def _own_text(self, setting: Setting) -> OwnText | None:
        source = self._setting(setting.path, setting.text)
        line, field = self.line(source), next(map(named, read_by(source, self._lets())), setting.name)
        if line is None:
            return None
        if setting.path == ("calendar", "description"):
            line = Paragraphs(line.template, source.text)
        made = OwnText(setting, line, field)
        try:
            made.known()
        except InvalidValue as refusal:
            settings, problem = self.folder.settings, refusal.reason
            span = settings.value_span(setting.path)
            found = diagnose("MW603", settings.source, span, key=setting.name, problem=problem)
            self.assembler.diagnostics.append(found)
            return None
        return made

    def views(self, program: Program) -> RenderContexts | None:
        """What templates see of a recipient."""
        url = self._url(("unsubscribe_url",), self.folder.config.unsubscribe_url)
        lets = [(name, self.assembler.template(source, "none")) for name, source in self._lets().items()]
        ready = tuple((name, template) for name, template in lets if template is not None)
        if url is None or len(ready) < len(lets):
            return None
        places = self._places()
        return None if places is None else RenderContexts(program, self.known, places, url, ready)

    def sources(self, program: Program) -> tuple[DataSource, ...] | None:
        """What is asked for data before a mail."""
        made = [self._source(name, program) for name in self.folder.config.sources]
        ready = tuple(one for one in made if one is not None)
        return ready if len(ready) == len(made) else None

    def _source(self, name: str, program: Program) -> DataSource | None:
        settings = self.folder.config.sources[name]
        url = self._url(("sources", name, "url"), settings.url)
        uses = lookup_uses(settings.fills.name, program.generated.inputs)
        lookup = next(iter(uses), None) if settings.fills.kind == "lookups" else None
        if url is None or settings.fills.name not in getattr(program.schema, settings.fills.kind):
            return None  # the check of sources says why
        check = check_of(settings.fills, program.schema)
        return DataSource(name, settings, lookup, program.schema, url, self.known, check)

    def _url(self, path: Path, text: str) -> UrlTemplate | None:
        address = self._setting(path, text)
        fields = tuple(map(named, read_by(address, self._lets())))
        return UrlTemplate.compile(
            address, fields, lambda source: self.assembler.template(source, "html", start="url")
        )

    def _places(self) -> FixedPlace | RecipientPlaces | None:
        """Where recipients are: in one place, or each where their data says."""
        config = self.folder.config
        asked = {key: text for key in PLACE if by_recipient(text := getattr(config, key))}
        if not asked:
            return FixedPlace(self.known)
        made = {
            key: self.assembler.template(self._setting((key,), text), "none") for key, text in asked.items()
        }
        ready = {key: template for key, template in made.items() if template is not None}
        return RecipientPlaces(config, ready, self.texts) if len(ready) == len(made) else None

    def _lets(self) -> dict[str, Source]:
        settings = self.folder.settings
        return {
            name: self.snippets.expand(settings.value_source(("let", name), text), "line")
            for name, text in self.folder.config.let.items()
        }

    def _setting(self, path: Path, text: str) -> Source:
        return self.snippets.expand(self.folder.settings.value_source(path, text), "line")
