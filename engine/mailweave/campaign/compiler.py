"""From a folder to a campaign: every stage once, every finding collected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from mailweave.campaign.assembly import Assembled, Assembler, Limits, places, spoken
from mailweave.campaign.block_bindings import Use, resolve
from mailweave.campaign.campaign import Campaign
from mailweave.campaign.drafts import Draft
from mailweave.campaign.envelopes import Addressing
from mailweave.campaign.folder import BLOCKS, CampaignFolder, FolderReader
from mailweave.campaign.law import check_law
from mailweave.campaign.layout_places import fitted
from mailweave.campaign.lines import Line
from mailweave.campaign.render_context import RenderContexts, constants
from mailweave.campaign.separate import check_files
from mailweave.campaign.template_checks import (
    check,
    check_html,
    check_marks,
    contract,
    readers,
    unparsed,
    unread_fields,
)
from mailweave.campaign.texts import CampaignTexts, changed, names_of
from mailweave.campaign.unread_context import unread_context
from mailweave.campaign.unread_strings import unread_strings
from mailweave.campaign.url_templates import MailboxTemplate, UrlTemplate, named, read_by
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog, Folder
from mailweave.content.files import refusal
from mailweave.content.limits import within_limits
from mailweave.content.once import Once, each_time
from mailweave.content.theme import check_contrast, knows_dark
from mailweave.decisions import DecisionProgram, compile_decisions, reachable_selections
from mailweave.diagnostics import (
    ArgumentError,
    CampaignError,
    Diagnostic,
    RuleError,
    Severity,
    diagnose,
    ordered,
)
from mailweave.liquid.contract import CampaignContract
from mailweave.root import Refused
from mailweave.source import Source, Span, joined


@lru_cache(maxsize=4)
def opened(texts: CampaignTexts) -> Campaign:
    """The campaign that was sent as its texts, compiled once in this process. Raises CampaignError where it is not
    what was sent."""
    if texts.version != version("mailweave"):
        raise changed(f"mailweave is {version('mailweave')} here and was {texts.version} there")
    with TemporaryDirectory(prefix="mailweave-") as held:
        folder = Path(held)
        for name, content in texts.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        campaign, found = compile_folder(folder, given=Path(texts.given), strict=texts.strict)
    if campaign is None:
        raise CampaignError([*found, diagnose("MW044", what="its texts do not compile")])
    if campaign.digest != texts.digest:
        raise changed("its texts have another digest than was sent")
    return campaign


def compile_folder(
    path: Path, *, given: Path | None = None, strict: bool = False, draft: Draft | None = None
) -> tuple[Campaign | None, tuple[Diagnostic, ...]]:
    """The campaign in a folder, or None, and everything there is to say about it.

    `given`: how findings name the folder, where that is another name than its path. `strict`: whether data with names
    that no rule declares is refused. `draft`: what a preview keeps between two compilations.
    """
    reader = FolderReader(path, given)
    folder = reader.read()
    if folder is None:
        alone = _errors(check_files(reader)) if reader.is_begun else ()
        return None, ordered([*reader.diagnostics, *alone])
    compilation = Compilation(folder, strict=strict, draft=draft)
    campaign = compilation.run()
    alone = _errors(check_files(reader)) if campaign is None and not compilation.has_templates else ()
    found = ordered([*reader.diagnostics, *compilation.diagnostics, *alone])
    if campaign is None or any(d.severity is Severity.ERROR for d in found):
        return None, found
    return campaign, found


def _compiled(rules: Source) -> tuple[DecisionProgram | None, tuple[Diagnostic, ...]]:
    try:
        decisions = compile_decisions(rules)
    except RuleError as error:
        return None, error.diagnostics
    return decisions, decisions.diagnostics


def _errors(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(d for d in found if d.severity is Severity.ERROR)


class Compilation:
    """One run over one folder. `has_templates`: whether it came so far that it said what is wrong with templates."""

    def __init__(self, folder: CampaignFolder, *, strict: bool = False, draft: Draft | None = None) -> None:
        self.folder, self.config, self.strict, self._draft = folder, folder.config, strict, draft
        self._once: Once = each_time if draft is None else draft.once
        self._stylesheets: set[str] = set()
        self.diagnostics: list[Diagnostic] = []
        self.catalog = Catalog(
            (Folder(folder.root.below(BLOCKS), self._own_blocks(), "campaign"),), once=self._once
        )
        self.known = constants(self.config)
        self.read: list[Source] = []
        self.has_templates = False

    def _own_blocks(self) -> str:
        """How the folder of the campaign's own blocks is called; says why if it may not be entered."""
        shown = (self.folder.given / BLOCKS).as_posix()
        try:
            if self.folder.root.is_folder(BLOCKS):
                self.folder.root.names(BLOCKS)
        except Refused as refused:
            self.diagnostics.append(refusal(refused, shown))
        return shown

    def run(self) -> Campaign | None:
        self.diagnostics += check_contrast(self.config.theme, text=self.folder.settings)
        decisions, frame = self._decisions(), self.frame()
        if decisions is None or frame is None:
            return None
        rules = decisions.source
        layout, found = fitted(frame[0], decisions, stock=self.folder.layout is None)
        self.diagnostics += found
        uses, found = resolve(self.folder, self.catalog, decisions.blocks.values(), rules, self._once)
        self.diagnostics += found
        lines = self._shown_lines(decisions, layout)
        if len(uses) < sum(plan.says is None for plan in decisions.blocks.values()):
            return None
        crowd = within_limits([layout, *_inlined((*uses, *lines))], [frame[1]])
        if crowd:
            self.diagnostics += crowd
            self.has_templates = True  # too large to be looked at
            return None
        self.read += [layout, frame[1]]
        for use in (*uses, *lines):
            parts = (use.block.settings.source, use.block.html, use.block.text, use.block.amp)
            self.read += [part for part in parts if part is not None]
        listed = list(readers(self.folder, decisions, uses, layout))
        contracts, found = check(self.folder, decisions, listed, self.known, self._once)
        unsafe = check_html(listed, frozenset(use.name for use in uses if use.block.spec.trusted), self._once)
        broken = unparsed(listed, contracts)
        self.diagnostics += [*found, *unsafe, *broken]
        if broken:
            self.has_templates = True
            return None
        self.diagnostics += [
            *check_marks(listed, self.folder, decisions),
            *unread_strings(self.folder, (reader.source for reader in listed)),
            *unread_context(
                self.folder.context,
                decisions.program.schema,
                (reader.source for reader in listed),
                self._context_name(),
            ),
            *unread_fields(decisions, contracts),
        ]
        if any(d.severity is Severity.ERROR for d in unsafe):
            return None
        self.has_templates = True
        weaver = Assembler(self.config, self.known, _limits(decisions), self._stylesheet, self._draft)
        woven = weaver.weave(layout, frame[1], (*uses, *lines))
        if woven is not None:
            can = self._once(("reachable", rules), lambda: reachable_selections(decisions))
            self.diagnostics += check_law(woven, uses, can, self.config, self.folder.settings)
            self.diagnostics += self._lost_amp(woven)
        try:
            campaign = self._finish(decisions, woven, weaver, contract(contracts))
        except ArgumentError as error:  # of the campaign's own context
            campaign = None
            self.diagnostics += [replace(found, place=self._context_name()) for found in error.diagnostics]
        self.diagnostics += [*_without_consequences(weaver.diagnostics), *self.folder.refused]
        return campaign

    def _lost_amp(self, woven: Assembled) -> tuple[Diagnostic, ...]:
        """A warning where nobody gets the AMP part that the campaign is meant to have."""
        if not woven.no_amp:
            return ()
        settings = self.folder.settings
        return (diagnose("MW055", settings.source, settings.key_span(("amp",)), why=_NO_AMP[woven.no_amp]),)

    def _stylesheet(self, href: str) -> str | None:
        text = self.folder.stylesheet(href)
        if text is not None:
            self._stylesheets.add(href)
        return text

    def _decisions(self) -> DecisionProgram | None:
        if not self.folder.rules:
            return None
        source = joined(self.folder.rules)
        decisions, found = self._once(("rules", source), lambda: _compiled(source))
        self.diagnostics += found
        if decisions is None:
            return None
        if not any(slot.name == "subject" and slot.is_text for slot in decisions.slots):
            self.diagnostics.append(diagnose("MW012", decisions.source, Span(0, 1)))
        return decisions

    def frame(self) -> tuple[Source, Source] | None:
        """The layout and the style sheet that it shares with the blocks."""
        layout = self.folder.layout
        dark = layout is None or knows_dark(f"{layout.text}\n{self.folder.css}")
        own = self.catalog.stylesheet(dark=dark, foreign=layout is not None)
        css = Source(own.name, f"{own.text}\n{self.folder.css}" if self.folder.css else own.text)
        if layout is not None:
            return layout, css
        if "/" in self.config.layout or self.config.layout.endswith(".html"):
            return None  # the folder has said what is wrong
        stock, found = self.catalog.layout(self.config.layout)
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
        return None if stock is None else (stock.html, css)

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
        self, decisions: DecisionProgram, woven: Assembled | None, weaver: Assembler, reads: CampaignContract
    ) -> Campaign | None:
        says = {
            plan.name: self._line(plan.says.source, weaver)
            for plan in decisions.blocks.values()
            if plan.says is not None
        }
        ready = {name: line for name, line in says.items() if line is not None}
        views, addressing = self._views(decisions, weaver), self._addressing(weaver)
        if woven is None or views is None or addressing is None or len(ready) < len(says):
            return None
        notes = tuple(d for d in (*self.diagnostics, *weaver.diagnostics) if d.severity is not Severity.ERROR)
        return Campaign(
            self.config,
            decisions,
            woven,
            ready,
            views,
            addressing,
            self.folder.context,
            notes,
            self._texts(),
            reads,
            opened,
        )

    def _texts(self) -> CampaignTexts:
        folder = self.folder
        names = names_of(folder.root, self.config, self._stylesheets)
        return CampaignTexts.of(folder.root, folder.given, names, strict=self.strict, digest=self._digest())

    def _line(self, source: Source, weaver: Assembler) -> Line | None:
        template = weaver.template(source, "none")
        return None if template is None else Line(template, source.text)

    def _addressing(self, weaver: Assembler) -> Addressing | None:
        source = self._setting("to", self.config.to)
        to = weaver.template(source, "none")
        to_name = self._line(self._setting("to_name", self.config.to_name), weaver)
        if to is None or to_name is None:
            return None
        mailbox = MailboxTemplate(to, read_by(source, self._lets()), self.config.smtputf8)
        return Addressing(mailbox, to_name, to_name.fixed)

    def _lets(self) -> dict[str, Source]:
        settings = self.folder.settings
        return {name: settings.value_source(("let", name), text) for name, text in self.config.let.items()}

    def _digest(self) -> str:
        """Of everything that was read: equal digests and versions mean equal e-mails."""
        total = hashlib.sha256()
        for source in (*self.read, self.folder.settings.source, *self.folder.rules):
            total.update(f"{len(source.text)} {source.text}".encode("utf-8", "replace"))
        total.update(json.dumps(self.folder.context, sort_keys=True).encode())
        return total.hexdigest()

    def _views(self, decisions: DecisionProgram, weaver: Assembler) -> RenderContexts | None:
        address = self._setting("unsubscribe_url", self.config.unsubscribe_url)
        fields = tuple(map(named, read_by(address, self._lets())))
        url = UrlTemplate.compile(
            address, fields, lambda source: weaver.template(source, "html", start="url")
        )
        lets = [(name, weaver.template(source, "none")) for name, source in self._lets().items()]
        ready = tuple((name, template) for name, template in lets if template is not None)
        if url is None or len(ready) < len(lets):
            return None
        return RenderContexts(decisions.program, self.known, url, ready)

    def _context_name(self) -> str:
        return (self.folder.given / (self.config.context or "")).as_posix()

    def _setting(self, key: str, text: str) -> Source:
        return self.folder.settings.value_source((key,), text)


_NO_AMP = {
    "inlined_per_recipient": "its CSS is inlined for each recipient, as MW520 says",
    "layout_without_amp": "its layout cannot be AMP",
}


def _without_consequences(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Without what is said of the CSS of a template that cannot be rendered anyhow."""
    listed = tuple(found)
    broken = any(one.code in _NO_TEMPLATE for one in listed)
    return tuple(one for one in listed if not (broken and one.code in _OF_CSS))


_NO_TEMPLATE = frozenset({"MW400", "MW401", "MW402", "MW409", "MW411"})
_OF_CSS = frozenset({"MW511", "MW520", "MW521", "MW522"})


def _limits(decisions: DecisionProgram) -> Limits:
    lists = decisions.program.schema.lists
    return Limits(
        slots={slot.name: slot.max for slot in decisions.slots},
        loops={f"lists.{name}": one.max for name, one in lists.items()},
    )


def _inlined(uses: Iterable[Use]) -> Iterator[Source]:
    """The HTML of each use, which is inlined once for each, and once more where there is AMP."""
    for use in uses:
        yield use.block.html
        if use.block.amp is not None:
            yield use.block.amp
