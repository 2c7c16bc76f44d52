"""What the templates of a campaign read, checked against what the rules declare and consents allow."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mailweave.campaign.annotations import annotation_sources
from mailweave.campaign.assembly import OWN_LINK
from mailweave.campaign.block_bindings import STOCK, Use
from mailweave.campaign.folder import CampaignFolder
from mailweave.campaign.foreign_marks import foreign_marks
from mailweave.campaign.layout_places import places
from mailweave.campaign.offers import shape_of_offer
from mailweave.campaign.open_settings import PLACE
from mailweave.campaign.own_texts import own_settings
from mailweave.campaign.setting_forms import by_recipient
from mailweave.campaign.source_checks import reader_name
from mailweave.campaign.stock_needs import StockUse
from mailweave.campaign.template_types import shape_of_constant, shape_of_inputs
from mailweave.content.once import Once, each_time
from mailweave.content.toml import Path
from mailweave.decisions import DecisionProgram
from mailweave.diagnostics import Diagnostic, Severity, TemplateError, ordered
from mailweave.liquid import Template
from mailweave.liquid.contexts.checking import check_places
from mailweave.liquid.contract import (
    CampaignContract,
    Contract,
    Shape,
    campaign_contract,
    check_reads,
    contract_of,
    leaf,
    merged,
    record,
    roots_of,
    unread,
)
from mailweave.liquid.contract.shapes import ANYTHING
from mailweave.markup.pieces import without_liquid
from mailweave.rules.compiled_inputs import AttributeInput
from mailweave.rules.nodes import Profile
from mailweave.schema.types import Bool, Text
from mailweave.source import Source, Span

_ARM = leaf(Text(), optional=True)  # who is in no arm has none
_AUTHORS = frozenset({"arms", "block", "campaign", "let", "mail", "slots", "now", "offer", "today"})


@dataclass(frozen=True, slots=True)
class Reader:
    """One template as its author wrote it. `consents` are those its block requires; None for no block.

    `fills`: the input of its block that it gives; `in_url`: it is a URL, or a part of one. `stock`: the
    use of a stock block, where it is one. `settings`: what says which inputs its block has. `marked`: the
    source with the marks of rich inputs in it. `is_line`: whether it is a line of the rules. `is_place`:
    it says where a recipient is, before anything else is known of the mail. `is_left_out`: where it is empty,
    the mail is without it, as it should be. `is_asked`: it is asked for data, before
    there are any but attributes.
    """

    name: str
    source: Source
    consents: frozenset[str] | None = None
    constants: Mapping[str, Any] | None = None
    slots: tuple[str, ...] = ()
    inputs: Shape | None = None
    html: bool = False
    fills: str | None = None
    in_url: bool = False
    stock: StockUse | None = None
    settings: Source | None = None
    marked: Source | None = None
    is_line: bool = False
    is_place: bool = False
    is_left_out: bool = False
    is_asked: bool = False

    @property
    def placed(self) -> Source:
        """The template that mails are made of: with the marks of rich inputs in it."""
        return self.marked or self.source

    @property
    def is_own(self) -> bool:
        """Whether the campaign's author wrote it."""
        return not self.source.name.startswith(STOCK)


def readers(
    folder: CampaignFolder, decisions: DecisionProgram, uses: tuple[Use, ...], layout: Source
) -> Iterator[Reader]:
    """Every template of a campaign."""
    yield Reader("layout", layout, slots=places(layout.text), html=True)
    settings = folder.settings
    for key in PLACE:
        if by_recipient(getattr(folder.config, key)):
            yield Reader(key, settings.value_source((key,), getattr(folder.config, key)), is_place=True)
    for key in ("unsubscribe_url", "to"):
        source = settings.value_source((key,), getattr(folder.config, key))
        yield Reader(key, source, in_url=key == "unsubscribe_url")
    to_name = (("to_name",), folder.config.to_name)
    for path, text in (to_name, *(setting[:2] for setting in own_settings(folder.config))):
        yield _envelope_text(path, settings.value_source(path, text))
    for path, text in folder.config.calendar.texts() if folder.config.calendar else ():
        yield _envelope_text(path, settings.value_source(path, text))
    for key, text in folder.config.utm.model_dump(exclude_none=True).items():
        yield Reader(f"utm {key}", settings.value_source(("utm", key), text), in_url=True)
    for name, text in folder.config.let.items():
        yield Reader(f"let {name}", settings.value_source(("let", name), text))
    for name, one in folder.config.sources.items():
        source = settings.value_source(("sources", name, "url"), one.url)
        needs = frozenset({one.needs} if one.needs else ())
        yield Reader(reader_name(name), source, needs, in_url=True, is_asked=True)
    for plan in decisions.blocks.values():
        if plan.says is not None:
            yield Reader(plan.name, plan.says.source, frozenset(plan.consents), is_line=True)
    for use in uses:
        plan_consents = decisions.blocks[use.name].consents if use.name in decisions.blocks else ()
        stock = _stock_use(use, folder, decisions)
        chosen = folder.config.blocks.get(use.name)
        given = frozenset(() if chosen is None else chosen.inputs)
        yield from _of_block(use, frozenset(plan_consents), folder.config.default_currency, stock, given)


_NEEDED = frozenset({"url", "end", "duration"})  # of an event: it cannot be without those that are set


def _envelope_text(path: Path, source: Source) -> Reader:
    """A setting that is left out where it is empty. With words around its values it would have a hole instead; only
    fields of Feedback-ID may be empty."""
    of_event = path[0] == "calendar"
    bare = path[0] == "feedback_id" or not without_liquid(source.text).strip()
    left_out = bare and not (of_event and path[1] in _NEEDED)
    in_url = of_event and path[1] == "url"
    return Reader(".".join(map(str, path)), source, in_url=in_url, is_left_out=left_out)


def _stock_use(use: Use, folder: CampaignFolder, decisions: DecisionProgram) -> StockUse | None:
    if use.is_own or use.name not in decisions.blocks:
        return None
    given = use.block.spec.sample
    sample = {"profile": given.profile, "lists": given.lists, "scores": given.scores}
    source, span = decisions.source, decisions.blocks[use.name].span
    if use.name in folder.config.blocks:
        source, span = folder.settings.source, folder.settings.key_span(("blocks", use.name))
    return StockUse(use.name, source, span, sample, folder.config.default_currency)


def _of_block(
    use: Use, consents: frozenset[str], currency: str, stock: StockUse | None, given: frozenset[str]
) -> Iterator[Reader]:
    shape = shape_of_inputs(use.block.spec.inputs, currency)
    fixed = {"block": {k: v for k, v in use.inputs.values.items() if isinstance(v, str)}}
    settings = use.block.settings.source
    for (part, is_html), (marked, _) in zip(use.written.parts(), use.block.parts(), strict=True):
        yield Reader(
            use.name,
            part,
            consents,
            constants=fixed,
            inputs=shape,
            html=is_html,
            stock=stock,
            settings=settings,
            marked=marked if is_html else None,
        )
    for _, source in annotation_sources(use.block):
        yield Reader(
            use.name, source, consents, constants=fixed, inputs=shape, stock=stock, settings=settings
        )
    for path, source in use.texts.items():
        theirs = stock if path[0] not in given else None
        yield Reader(use.name, source, consents, fills=str(path[0]), stock=theirs, settings=settings)


def contract(found: Mapping[str, list[Contract]]) -> CampaignContract:
    """The contracts of all templates, by the name of their block: what recipients' data must hold."""
    theirs = {name: _of_recipients(merged(contracts)) for name, contracts in found.items()}
    return campaign_contract({name: one for name, one in theirs.items() if one.reads})


def _of_recipients(one: Contract) -> Contract:
    """Without what the author gives: inputs, constants, names that they assign."""
    return Contract(tuple(read for read in one.reads if read.path[0] not in _AUTHORS))


def check(
    folder: CampaignFolder,
    decisions: DecisionProgram,
    listed: list[Reader],
    campaign: Mapping[str, Any],
    once: Once = each_time,
) -> tuple[dict[str, list[Contract]], tuple[Diagnostic, ...]]:
    """The contract of each template that parses, and what is wrong with what they read."""
    schema = decisions.program.schema
    known = {
        "campaign": shape_of_constant({**campaign, OWN_LINK: ""}),
        "let": record(dict.fromkeys(folder.config.let, ANYTHING)),
        "arms": record({one.name: _ARM for one in decisions.plan.all_experiments}),
        "context": ANYTHING,
        "mail": record({"subject": leaf(Text()), **_filled(decisions)}),
    }
    contracts: dict[str, list[Contract]] = {}
    found: list[Diagnostic] = []
    declared = (decisions.source, folder.settings.source)

    def told(reader: Reader, one: Contract) -> tuple[Diagnostic, ...]:
        block = None if reader.consents is None else decisions.blocks.get(reader.name)
        given = {name: shape for name, shape in known.items() if name not in ("let", "mail", "campaign")}
        of_block = {"block": reader.inputs or record({}), "offer": shape_of_offer(block)}
        mine = given if reader.is_place else {**known, **of_block}
        roots = {**roots_of(schema), **mine}
        if reader.is_asked:
            unknown = dict.fromkeys(roots.keys() - {"profile", "campaign"}, record({}))
            roots = {**roots, **unknown}
        wrong = check_reads(
            one,
            schema,
            consents=reader.consents or frozenset(),
            roots=roots,
            undefined=folder.config.undefined,
            has_consent_rule=reader.consents is not None,
        )
        if (
            reader.is_place or reader.is_left_out
        ):  # the campaign's own place stands in; nothing is to be written
            return tuple(one for one in wrong if one.code != "MW475")
        return wrong if reader.stock is None else tuple(reader.stock.told(wrong, one, roots))

    for reader in listed:
        one = once(_key(reader), partial(_contract, reader))
        if one is None:
            continue  # compiling it says why
        contracts.setdefault(reader.name, []).append(one)
        key = ("reads", reader.name, reader.source, reader.fills, reader.settings, declared)
        found += once(key, partial(told, reader, one))
    return contracts, ordered(d for d in found if not _is_stock_note(d))


def _filled(decisions: DecisionProgram) -> dict[str, Shape]:
    """Which optional slots show something."""
    optional = {slot.name: leaf(Bool()) for slot in decisions.slots if slot.fallback is None}
    return {"filled": record(optional)} if optional else {}


def unparsed(listed: list[Reader], contracts: Mapping[str, list[Contract]]) -> tuple[Diagnostic, ...]:
    """Where some template is no Liquid and has no contract: what is wrong with each by itself.

    In a layout, what is not closed would be said of everything behind it.
    """
    if sum(map(len, contracts.values())) == len(listed):
        return ()
    return tuple(finding for reader in listed for finding in _alone(reader))


def _alone(reader: Reader) -> tuple[Diagnostic, ...]:
    try:
        Template.from_string(reader.source, slots=reader.slots, escape="none")
    except TemplateError as error:
        return tuple(error.diagnostics)
    return ()


def check_marks(
    listed: list[Reader], folder: CampaignFolder, decisions: DecisionProgram
) -> tuple[Diagnostic, ...]:
    """Merge tags of other products in the author's own texts."""
    attributes = tuple(decisions.program.schema.profile)
    own = [reader for reader in listed if reader.is_own]
    found = [mark for one in own for mark in foreign_marks(one.source, attributes, html=one.html)]
    for source in _inputs(folder):
        found += foreign_marks(source, attributes, html=False)
    return ordered(found)


def _inputs(folder: CampaignFolder) -> Iterator[Source]:
    """The texts that the settings give to blocks, those without Liquid, too."""
    for name, block in folder.config.blocks.items():
        for path, text in _texts(("blocks", name, "inputs"), block.inputs):
            yield folder.settings.value_source(path, text)


def _texts(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts((*path, key), each)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts((*path, number), each)


def check_html(
    listed: list[Reader], trusted: frozenset[str], once: Once = each_time
) -> tuple[Diagnostic, ...]:
    """What is wrong with the places of outputs, in the author's own lines, before anything is inlined."""
    found: list[Diagnostic] = []
    for reader in (one for one in listed if one.html):
        key = ("places", reader.placed, reader.slots, reader.name in trusted)
        found += once(key, partial(_places, reader, reader.name in trusted))
    return tuple(found)


def _places(reader: Reader, trusted: bool) -> tuple[Diagnostic, ...]:
    from liquid.exceptions import LiquidError

    try:
        return check_places(reader.placed, slots=reader.slots, trusted=trusted)
    except LiquidError:
        return ()  # compiling it says why


def unread_fields(
    decisions: DecisionProgram, contracts: Mapping[str, list[Contract]]
) -> tuple[Diagnostic, ...]:
    """A note for each attribute that neither a rule nor a template reads: it need not be collected."""
    program = decisions.program
    by_rules = {one.name for one in program.generated.inputs if isinstance(one, AttributeInput)}
    zone = program.schema.timezone.attribute
    by_experiments = {experiment.unit for experiment in decisions.document.experiments.values()}
    also = {*by_rules, *by_experiments, *((zone,) if zone else ())}
    where = {name: (decisions.source, span) for name, span in _declared(decisions).items()}
    return unread(
        [one for found in contracts.values() for one in found], program.schema, also=also, where=where
    )


def _declared(decisions: DecisionProgram) -> dict[str, Span]:
    """Where each attribute of the profile is declared."""
    statements = decisions.document.document.statements
    profiles = [one for one in statements if isinstance(one, Profile)]
    return {field.name.id: field.name.span for one in profiles for field in one.fields}


def _is_stock_note(finding: Diagnostic) -> bool:
    """Notes about the insides of stock blocks, which a campaign's author cannot act upon."""
    stock = finding.source is not None and finding.source.name.startswith(STOCK)
    return stock and finding.severity is Severity.NOTE


def _key(reader: Reader) -> Hashable:
    return ("contract", reader.source, reader.slots, repr(reader.constants))


def _contract(reader: Reader) -> Contract | None:
    from liquid.exceptions import LiquidError

    try:
        return contract_of(reader.source, constants=reader.constants, slots=reader.slots)
    except LiquidError:
        return None
