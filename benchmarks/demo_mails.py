"""The demo's mails as somebody makes them who inlines each: python-liquid renders layout and blocks, then CSS goes in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import liquid
from benchmarks.demo_people import DEMO, LIST
from mailweave import Campaign, Environment, Skip
from mailweave.batch.sources import Recipients
from mailweave.campaign.block_bindings import resolve
from mailweave.campaign.compilation import Compilation
from mailweave.campaign.compiler import opened
from mailweave.campaign.folder import FolderReader
from mailweave.campaign.frames import frame_of
from mailweave.content.theme import themed
from mailweave.liquid.filters.localized import money
from mailweave.liquid.filters.localized_dates import date
from mailweave.liquid.locale_context import setting_of
from mailweave.rules import ValidatedRecipient
from mailweave.source import Source

_PLACE = re.compile(r"\{%-?\s*slot\s+[\"'](\w+)[\"']\s*-?%\}")

Person = tuple[dict[str, Any], Mapping[str, tuple[str, ...]]]
"""The data that templates see, and the blocks chosen."""


class DemoMails:
    """The demo campaign, and the same pages without its compiler."""

    def __init__(self) -> None:
        self.campaign: Campaign = Environment().compile(DEMO)
        now = self.campaign.config.now
        assert now is not None
        self._now: datetime = now
        folder = FolderReader(DEMO).read()
        assert folder is not None
        made = Compilation(folder, opened)
        decisions, (frame, _) = made._decisions(), frame_of(folder, made.catalog)
        assert decisions is not None
        assert frame is not None
        uses, _ = resolve(folder, made.catalog, decisions.blocks.values(), decisions.source)
        self._environment = self._liquid(dict(made.known))
        self._css = self._themed(frame[1]).text
        page = _PLACE.sub(lambda at: f"{{{{ slots.{at[1]} | safe }}}}", self._themed(frame[0]).text)
        self._layout = self._environment.from_string(
            page.replace("</head>", f"<style>{self._css}</style></head>")
        )
        self._blocks = {
            use.name: self._environment.from_string(self._themed(use.block.html).text) for use in uses
        }
        self._inputs = {use.name: use.inputs.values for use in uses}

    def _themed(self, source: Source) -> Source:
        text, _ = themed(source, self.campaign.config.theme, direction=self.campaign.config.direction())
        return Source(source.name, text)

    def _liquid(self, known: dict[str, Any]) -> liquid.Environment:
        environment, setting = liquid.Environment(autoescape=True), setting_of(known, self._now)
        environment.add_filter("money", lambda value, *args: money(value, *args, setting=setting))
        environment.add_filter("date", lambda value, form: date(value, form, setting=setting))
        return environment

    def people(self, count: int) -> Iterator[tuple[dict[str, Any], tuple[Any, ...], Person]]:
        """Recipients who get a mail: profile, events, and what the other way starts from."""
        for one in Recipients(LIST / "profiles.parquet", LIST / "events.parquet"):
            found = self._person(one.profile, one.events)
            if found is not None:
                yield one.profile, one.events, found
                count -= 1
            if not count:
                return

    def _person(self, profile: dict[str, Any], events: tuple[Any, ...]) -> Person | None:
        campaign = self.campaign
        admitted = campaign._admit(profile, events, self._now, campaign.snapshot())
        if not isinstance(admitted, ValidatedRecipient):
            return None
        chosen = campaign.decisions.select(admitted, now=self._now, context=campaign.context)
        if isinstance(chosen, Skip):
            return None
        return campaign._views.of(admitted, chosen.arms, campaign.context, self._now)[0], dict(chosen)

    def by_inliner(self, inline: Callable[[str], str]) -> Callable[[Person], str]:
        """Renders a page, then has its CSS inlined."""

        def render(person: Person) -> str:
            data, chosen = person
            data = {**data, "now": self._now}
            slots = {
                slot: "".join(
                    self._blocks[name].render({**data, "block": self._inputs[name]})
                    for name in names
                    if name in self._blocks
                )
                for slot, names in chosen.items()
            }
            return inline(self._layout.render({**data, "slots": slots}))

        return render
