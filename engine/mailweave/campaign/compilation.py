"""One run over one folder, from its texts to a campaign: every stage once, every finding collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from mailweave.campaign.assembly import Assembled, Assembler, Limits
from mailweave.campaign.attached_files import check_content_ids
from mailweave.campaign.block_bindings import Use, resolve
from mailweave.campaign.block_folders import block_folders, entered, hidden
from mailweave.campaign.block_variants import locales_of
from mailweave.campaign.campaign import Campaign
from mailweave.campaign.component_rules import with_rules
from mailweave.campaign.digests import digest_of
from mailweave.campaign.drafts import Draft
from mailweave.campaign.folder import CampaignFolder
from mailweave.campaign.frames import frame_of, shown_lines
from mailweave.campaign.kept_stages import KeptStages
from mailweave.campaign.law import check_law
from mailweave.campaign.layout_places import fitted
from mailweave.campaign.learned_file import with_learned
from mailweave.campaign.model_cards import model_cards
from mailweave.campaign.plain_marks import plain_marks
from mailweave.campaign.recipient_place import constants
from mailweave.campaign.setting_templates import SettingTemplates
from mailweave.campaign.snippet_uses import derived_text, expanded, snippet_folders, whole
from mailweave.campaign.source_checks import check_sources
from mailweave.campaign.template_checks import (
    Reader,
    check,
    check_html,
    check_marks,
    contract,
    readers,
    unparsed,
    unread_fields,
)
from mailweave.campaign.texts import CampaignTexts, names_of
from mailweave.campaign.translated_texts import TranslatedTexts
from mailweave.campaign.unknown_currencies import unknown_currencies
from mailweave.campaign.unread_context import unread_context
from mailweave.campaign.unread_strings import unread_strings
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog
from mailweave.content.limits import within_limits
from mailweave.content.once import Once, each_time
from mailweave.content.snippets.catalog import Snippets
from mailweave.content.snippets.expansion import Expander
from mailweave.content.theme import check_contrast
from mailweave.decisions import DecisionProgram, compile_decisions, reachable_selections
from mailweave.diagnostics import (
    ArgumentError,
    Diagnostic,
    RuleError,
    Severity,
    diagnose,
)
from mailweave.liquid.contract import CampaignContract
from mailweave.source import Source, Span, joined


def _compiled(rules: Source) -> tuple[DecisionProgram | None, tuple[Diagnostic, ...]]:
    try:
        decisions = compile_decisions(rules)
    except RuleError as error:
        return None, error.diagnostics
    return decisions, decisions.diagnostics


def errors(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those that let no campaign be."""
    return tuple(d for d in found if d.severity is Severity.ERROR)


class Compilation:
    """One run over one folder. `has_templates`: whether it came so far that it said what is wrong with templates.

    `reopen`: what compiles the campaign again where it arrives as its texts. `translates`: whether texts are asked for,
    though there are no catalogues yet.
    """

    def __init__(
        self,
        folder: CampaignFolder,
        reopen: Callable[[CampaignTexts], Campaign],
        *,
        strict: bool = False,
        draft: Draft | None = None,
        translates: bool = False,
        locale: str = "",
    ) -> None:
        self._locale, self._reopen = locale, reopen
        self.folder, self.config, self.strict, self._draft = folder, folder.config, strict, draft
        self._once: Once = each_time if draft is None else draft.once
        self._stylesheets: set[str] = set()
        self._answers = KeptStages.of(folder.given) if draft is None else draft.stages(folder.given)
        self._mirrored = Draft() if draft is None and len(self.config.directions()) > 1 else None
        self.diagnostics: list[Diagnostic] = []
        self.diagnostics += entered(folder)
        folders = block_folders(folder.root, folder.given, folder.libraries, folder.included)
        self.catalog = Catalog(folders, once=self._once, frame=folder.frame)
        self.snippets = Expander(
            Snippets(snippet_folders(folder.root, folder.given, folder.libraries)), derived_text
        )
        has_texts = folder.catalogues or folder.config.images or translates
        self.texts = TranslatedTexts(self.config, folder.catalogues) if has_texts else None
        self.known = constants(self.config, texts=self.texts)
        self.read: list[Source] = []
        self.has_templates = False

    def run(self) -> Campaign | None:
        self.diagnostics += check_contrast(
            self.config.theme,
            texts=(
                self.folder.settings,
                *(one.settings for one in self.folder.libraries if one.settings is not None),
            ),
        )
        decisions, frame = self._decisions(), self._frame()
        if decisions is None or frame is None:
            return None
        rules = decisions.source
        expanded = self.snippets.expand(frame[0], "html")
        layout, found = fitted(expanded, decisions, stock=self.folder.layout is None)
        self.diagnostics += found
        plans = decisions.blocks.values()
        uses, found = resolve(self.folder, self.catalog, plans, rules, self._once, self.whole)
        self.diagnostics += [*found, *hidden(self.catalog, [use.block for use in uses])]
        lines, found = shown_lines(decisions, layout, self.catalog, self.config)
        self.diagnostics += found
        uses, lines = self.with_snippets(uses), self.with_snippets(lines)
        self._tell_apart(locales_of(use.block for use in (*uses, *lines)))
        if len(uses) < sum(plan.says is None for plan in decisions.blocks.values()):
            return None
        css = with_rules(frame[1], (*uses, *lines))
        crowd = within_limits([layout, *_inlined((*uses, *lines))], [css])
        if crowd:
            self.diagnostics += crowd
            self.has_templates = True  # too large to be looked at
            return None
        self.read += [layout, css]
        for use in (*uses, *lines):
            self.read += [use.written.settings.source, *(part for part, _ in use.written.parts())]
        listed = self.listed(decisions, uses, layout)
        self.diagnostics += [*self.snippets.finished(), *self.snippets.diagnostics]
        if errors(self.snippets.diagnostics):
            self.has_templates = True  # without some of what they should hold, they cannot be judged
            return None
        contracts, found = check(self.folder, decisions, listed, self.known, self._once)
        unsafe = check_html(listed, frozenset(use.name for use in uses if use.block.spec.trusted), self._once)
        broken = unparsed(listed, contracts)
        self.diagnostics += [*found, *unsafe, *broken]
        if broken:
            self.has_templates = True
            return None
        self.diagnostics += [
            *check_marks(listed, self.folder, decisions),
            *unknown_currencies(listed),
            *plain_marks(listed, uses, self.config, self.folder.settings),
            *unread_strings(self.folder, (reader.source for reader in listed)),
            *unread_context(
                self.folder.context,
                decisions.program.schema,
                (reader.source for reader in listed),
                self._context_name(),
            ),
            *unread_fields(decisions, contracts),
            *check_sources(self.folder, decisions, contracts),
            *check_content_ids(self._calling(listed, uses), self.config.attachments, self.folder.settings),
        ]
        if any(d.severity is Severity.ERROR for d in unsafe):
            return None
        self.has_templates = True
        if self.texts is not None:
            uses = tuple(map(self.texts.use, uses))
            self.read += [source for one in self.folder.catalogues.values() for source in one.sources]
        weaver = self._assembler(decisions)
        woven = weaver.weave(layout, css, (*uses, *lines))
        written = None if woven is None else self._written(woven, decisions, (layout, css, (*uses, *lines)))
        if woven is not None:
            if self._draft is None or self._draft.with_text:  # which is read, too
                can = self._once(("reachable", rules), lambda: reachable_selections(decisions))
                self.diagnostics += check_law(woven, uses, can, self.config, self.folder.settings)
            self.diagnostics += self._lost_amp(woven)
        try:
            campaign = self._finish(decisions, written, weaver, contract(contracts))
            if self._draft is None or self._draft.with_amp:  # a first look is half of it
                self._answers.keep()
        except ArgumentError as error:  # of the campaign's own context
            campaign = None
            self.diagnostics += [replace(found, place=self._context_name()) for found in error.diagnostics]
        self.diagnostics += [*_without_consequences(weaver.diagnostics), *self.folder.refused]
        return campaign

    def _assembler(self, decisions: DecisionProgram, direction: str | None = None) -> Assembler:
        limits = _limits(decisions)
        return Assembler(
            self.config,
            self.known,
            limits,
            self._stylesheet,
            self._draft,
            self.snippets,
            direction=direction,
            shared=self._mirrored,
            texts=self.texts,
            answers=self._answers,
        )

    def _written(
        self, woven: Assembled, decisions: DecisionProgram, parts: tuple[Source, Source, tuple[Use, ...]]
    ) -> Mapping[str, Assembled] | None:
        """The parts by the direction in which they are written; what is wrong with them was said of the first."""
        own, *others = self.config.directions()
        written = {own: woven}
        for direction in others:
            mirrored = self._assembler(decisions, direction).weave(*parts)
            if mirrored is None:
                return None
            written[direction] = mirrored
        return written

    def _tell_apart(self, locales: Iterable[str]) -> None:
        """Blocks have variants for these locales: templates must know which of them a recipient reads."""
        variants = tuple(locales)
        if variants:
            self.texts = TranslatedTexts(self.config, self.folder.catalogues, variants)
            self.known = constants(self.config, texts=self.texts)

    def whole(self, block: Block) -> Block:
        """A block with its snippets written out."""
        return whole(block, self.snippets)

    def with_snippets(self, uses: Iterable[Use]) -> tuple[Use, ...]:
        """The blocks of uses, and their inputs, with snippets in them."""
        return tuple(expanded(use, self.snippets) for use in uses)

    def listed(self, decisions: DecisionProgram, uses: tuple[Use, ...], layout: Source) -> list[Reader]:
        """Every template, with its snippets; all but blocks and the layout are lines."""
        found = readers(self.folder, decisions, uses, layout)
        return [replace(one, source=self.snippets.expand(one.source, "line")) for one in found]

    def _calling(self, listed: Iterable[Reader], uses: Iterable[Use]) -> Iterator[Source]:
        """The texts that may call a file which goes with the mails: pages, style sheets, settings with inputs."""
        yield from (reader.source for reader in listed if reader.html and reader.is_own)
        yield from (*self.folder.css, self.folder.settings.source)
        yield from (use.block.settings.source for use in uses if use.is_own)

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
        self.diagnostics += [
            diagnose("MW068", decisions.source, slot.span)
            for slot in decisions.slots
            if slot.name == "subject" and slot.is_text and slot.fallback is None
        ]
        decisions, found = with_learned(decisions, self.folder.learned)
        self.diagnostics += [*found, *model_cards(self.folder.root, decisions)]
        return decisions.knowing(self.folder.context)

    def _frame(self) -> tuple[Source, Source] | None:
        frame, found = frame_of(self.folder, self.catalog)
        self.diagnostics += found
        return frame

    def _finish(
        self,
        decisions: DecisionProgram,
        written: Mapping[str, Assembled] | None,
        weaver: Assembler,
        reads: CampaignContract,
    ) -> Campaign | None:
        settings = SettingTemplates(self.folder, weaver, self.snippets, self.known, self.texts)
        says = {
            plan.name: settings.line(self._said(plan.name, plan.says.source))
            for plan in decisions.blocks.values()
            if plan.says is not None
        }
        ready = {name: line for name, line in says.items() if line is not None}
        views, addressing = settings.views(decisions.program), settings.addressing()
        calendar = None if self.config.calendar is None else settings.calendar()
        if written is None or views is None or addressing is None or len(ready) < len(says):
            return None
        sources = settings.sources(decisions.program)
        if sources is None:
            return None
        if calendar is None and self.config.calendar is not None:
            return None
        if self.texts is not None:
            self.diagnostics += [*self.texts.diagnostics, *self.texts.images.unshown(self.folder.settings)]
        notes = tuple(d for d in (*self.diagnostics, *weaver.diagnostics) if d.severity is not Severity.ERROR)
        return Campaign(
            self.config,
            decisions,
            written,
            ready,
            views,
            addressing,
            self.folder.context,
            self.folder.files,
            calendar,
            sources,
            notes,
            self._texts(),
            reads,
            self._reopen,
        )

    def _texts(self) -> CampaignTexts:
        folder = self.folder
        included = () if folder.included is None else folder.included.read
        names = names_of(folder.root, self.config, (*self._stylesheets, *included))
        return CampaignTexts.of(
            folder.root, folder.given, names, folder.libraries, strict=self.strict, digest=self._digest()
        )

    def _said(self, name: str, source: Source) -> Source:
        """What a line of the rules says, with snippets in it, in all languages."""
        line = self.snippets.expand(source, "line")
        return line if self.texts is None else self.texts.line(line, f"rules/{name}")

    def _digest(self) -> str:
        learned = () if self.folder.learned is None else (self.folder.learned,)
        read = (*self.read, *self._shared(), self.folder.settings.source, *self.folder.rules, *learned)
        return digest_of(read, self.folder.context, self._locale, self.folder.files)

    def _shared(self) -> Iterator[Source]:
        """Texts that are read by name: settings of libraries, linked style sheets, snippets."""
        yield from (one.settings.source for one in self.folder.libraries if one.settings is not None)
        yield from (sheet for _, sheet in sorted(self.folder.linked.items()))
        yield from sorted(self.snippets.read, key=lambda one: (one.name, one.text))

    def _context_name(self) -> str:
        return (self.folder.given / (self.config.context or "")).as_posix()


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
        optional=tuple(slot.name for slot in decisions.slots if slot.fallback is None),
        slots={slot.name: slot.max for slot in decisions.slots},
        loops={f"lists.{name}": one.max for name, one in lists.items()},
    )


def _inlined(uses: Iterable[Use]) -> Iterator[Source]:
    """The HTML of each use, which is inlined once for each, and once more where there is AMP."""
    for use in uses:
        yield from (part for part, is_html in use.block.parts() if is_html)
