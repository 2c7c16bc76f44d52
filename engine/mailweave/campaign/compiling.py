"""From a folder to a campaign: every stage once, every finding collected."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from mailweave.campaign.addresses import UrlTemplate
from mailweave.campaign.campaign import Addressing, Campaign
from mailweave.campaign.folder import CampaignFolder, FolderReader
from mailweave.campaign.reading import check, check_html, contract, readers, unread_fields
from mailweave.campaign.recipient import Views, constants
from mailweave.campaign.uses import Use, resolve
from mailweave.campaign.weaving import Limits, Weaver, Woven, places, spoken, without_places
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog, Folder
from mailweave.content.theme import check_contrast
from mailweave.decisions import DecisionProgram, compile_decisions
from mailweave.diagnostics import Diagnostic, RuleError, Severity, diagnose, did_you_mean, ordered
from mailweave.liquid.contract import CampaignContract
from mailweave.source import Source, Span, joined

BLOCKS = "blocks"


def compile_folder(path: Path) -> tuple[Campaign | None, tuple[Diagnostic, ...]]:
    """The campaign in a folder, or None, and everything there is to say about it."""
    reader = FolderReader(path)
    folder = reader.read()
    if folder is None:
        return None, ordered(reader.diagnostics)
    compilation = Compilation(folder)
    campaign = compilation.run()
    found = ordered([*reader.diagnostics, *compilation.diagnostics])
    if campaign is None or any(d.severity is Severity.ERROR for d in found):
        return None, found
    return campaign, found


class Compilation:
    """One run over one folder."""

    def __init__(self, folder: CampaignFolder) -> None:
        self.folder, self.config = folder, folder.config
        self.diagnostics: list[Diagnostic] = []
        own = folder.path / BLOCKS
        shown = (folder.given / BLOCKS).as_posix()
        self.catalog = Catalog((Folder(own, shown, "campaign"),) if own.is_dir() else ())
        self.known = constants(self.config)
        self.read: list[Source] = []

    def run(self) -> Campaign | None:
        self.diagnostics += check_contrast(self.config.theme, text=self.folder.settings)
        decisions, frame = self._decisions(), self._layout()
        if decisions is None or frame is None:
            return None
        rules = decisions.source
        layout = self._fitted(frame[0], decisions, stock=self.folder.layout is None)
        uses, found = resolve(self.folder, self.catalog, decisions.blocks.values(), rules)
        self.diagnostics += found
        lines = self._shown_lines(decisions, layout)
        if len(uses) < sum(plan.says is None for plan in decisions.blocks.values()):
            return None
        self.read += [layout, frame[1]]
        for use in (*uses, *lines):
            parts = (use.block.settings.source, use.block.html, use.block.text, use.block.amp)
            self.read += [part for part in parts if part is not None]
        listed = list(readers(self.folder, decisions, uses, layout))
        contracts, found = check(self.folder, decisions, listed, self.known)
        unsafe = check_html(listed, frozenset(use.name for use in uses if use.block.spec.trusted))
        self.diagnostics += [*found, *unsafe, *unread_fields(decisions, contracts)]
        if any(d.severity is Severity.ERROR for d in unsafe):
            return None
        weaver = Weaver(self.config, self.known, _limits(decisions), self.folder.stylesheet)
        woven = weaver.weave(layout, frame[1], (*uses, *lines))
        campaign = self._finish(decisions, woven, weaver, contract(contracts))
        self.diagnostics += weaver.diagnostics
        return campaign

    def _decisions(self) -> DecisionProgram | None:
        if not self.folder.rules:
            return None
        try:
            decisions = compile_decisions(joined(self.folder.rules))
        except RuleError as error:
            self.diagnostics += error.diagnostics
            return None
        self.diagnostics += decisions.diagnostics
        if not any(slot.name == "subject" and slot.is_text for slot in decisions.slots):
            self.diagnostics.append(diagnose("MW012", decisions.source, Span(0, 1)))
        return decisions

    def _layout(self) -> tuple[Source, Source] | None:
        """The layout and the style sheet that it shares with the blocks."""
        own = self.catalog.stylesheet()
        css = Source(own.name, f"{own.text}\n{self.folder.css}" if self.folder.css else own.text)
        if self.folder.layout is not None:
            return self.folder.layout, css
        if "/" in self.config.layout or self.config.layout.endswith(".html"):
            return None  # the folder has said what is wrong
        layout, found = self.catalog.layout(self.config.layout)
        settings = self.folder.settings
        span = settings.value_span(("layout",))
        self.diagnostics += [
            diagnose(
                d.code,
                settings.source,
                span,
                name=self.config.layout,
                known=", ".join(self.catalog.layouts()),
            )
            for d in found
        ]
        return None if layout is None else (layout.html, css)

    def _fitted(self, layout: Source, decisions: DecisionProgram, *, stock: bool) -> Source:
        """The layout, its places compared with the slots of the rules."""
        here = places(layout.text)
        slots = {slot.name: slot for slot in decisions.slots}
        for name, slot in slots.items():
            if name not in here and not slot.is_text:
                help = did_you_mean(name, here)
                self.diagnostics.append(diagnose("MW010", decisions.source, slot.span, slot=name, help=help))
        extra = [name for name in here if name not in slots]
        if stock:
            return without_places(layout, extra)
        for name in extra:
            at = layout.text.find(f'"{name}"')
            span, help = Span(at + 1, at + 1 + len(name)), did_you_mean(name, slots)
            self.diagnostics.append(diagnose("MW011", layout, span, slot=name, help=help))
        return layout

    def _shown_lines(self, decisions: DecisionProgram, layout: Source) -> tuple[Use, ...]:
        """Text slots that the layout shows, such as the preheader: by the block of that name."""
        here = places(layout.text)
        names = [slot.name for slot in decisions.slots if slot.is_text and slot.name in here]
        return tuple(use for name in names if (use := self._shown_line(name)) is not None)

    def _shown_line(self, name: str) -> Use | None:
        block: Block | None = None
        if name in self.catalog.names():
            block, found = self.catalog.block(name)
            self.diagnostics += found
        if block is None or "text" not in block.spec.inputs:
            self.diagnostics.append(diagnose("MW013", place=name, block=name))
            return None
        return Use(spoken(name), name, block, block.defaults())

    def _finish(
        self, decisions: DecisionProgram, woven: Woven | None, weaver: Weaver, reads: CampaignContract
    ) -> Campaign | None:
        says = {
            plan.name: weaver.template(plan.says.source, "none")
            for plan in decisions.blocks.values()
            if plan.says is not None
        }
        ready = {name: template for name, template in says.items() if template is not None}
        views = self._views(decisions, weaver)
        to = weaver.template(self._setting("to", self.config.to), "none")
        to_name = weaver.template(self._setting("to_name", self.config.to_name), "none")
        if woven is None or views is None or to is None or to_name is None or len(ready) < len(says):
            return None
        notes = tuple(d for d in (*self.diagnostics, *weaver.diagnostics) if d.severity is not Severity.ERROR)
        return Campaign(
            self.config,
            decisions,
            woven,
            ready,
            views,
            Addressing(to, to_name, to_name.fixed),
            self.folder.context,
            notes,
            self._digest(),
            reads,
        )

    def _digest(self) -> str:
        """Of everything that was read: equal digests and versions mean equal e-mails."""
        total = hashlib.sha256()
        for source in (*self.read, self.folder.settings.source, *self.folder.rules):
            total.update(f"{len(source.text)} {source.text}".encode("utf-8", "replace"))
        total.update(json.dumps(self.folder.context, sort_keys=True).encode())
        return total.hexdigest()

    def _views(self, decisions: DecisionProgram, weaver: Weaver) -> Views | None:
        address = self._setting("unsubscribe_url", self.config.unsubscribe_url)
        url = UrlTemplate.compile(address, lambda source: weaver.template(source, "html"))
        lets = [
            (name, weaver.template(self.folder.settings.value_source(("let", name), text), "none"))
            for name, text in self.config.let.items()
        ]
        ready = tuple((name, template) for name, template in lets if template is not None)
        if url is None or len(ready) < len(lets):
            return None
        return Views(decisions.program, self.known, url, ready)

    def _setting(self, key: str, text: str) -> Source:
        return self.folder.settings.value_source((key,), text)


def _limits(decisions: DecisionProgram) -> Limits:
    lists = decisions.program.schema.lists
    return Limits(
        slots={slot.name: slot.max for slot in decisions.slots},
        loops={f"lists.{name}": one.max for name, one in lists.items()},
    )
