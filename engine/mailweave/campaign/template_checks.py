"""What the templates of a campaign read, checked against what the rules declare and consents allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mailweave.campaign.assembly import OWN_LINK, places
from mailweave.campaign.block_bindings import Use
from mailweave.campaign.folder import CampaignFolder
from mailweave.campaign.template_types import shape_of_constant, shape_of_inputs
from mailweave.decisions import DecisionProgram
from mailweave.diagnostics import Diagnostic, Severity
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
from mailweave.rules.compiled_inputs import AttributeInput
from mailweave.rules.nodes import Profile
from mailweave.schema.types import Text
from mailweave.source import Source, Span

_ARM = leaf(Text(), optional=True)  # who is in no arm has none
_AUTHORS = frozenset({"arms", "block", "campaign", "let", "mail", "slots", "now", "today"})


@dataclass(frozen=True, slots=True)
class Reader:
    """One template as its author wrote it. `consents` are those its block requires; None for no block.

    `fills`: the input of its block that it gives; `in_url`: it is a URL, or a part of one.
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


def readers(
    folder: CampaignFolder, decisions: DecisionProgram, uses: tuple[Use, ...], layout: Source
) -> Iterator[Reader]:
    """Every template of a campaign."""
    yield Reader("layout", layout, slots=places(layout.text), html=True)
    settings = folder.settings
    for key in ("unsubscribe_url", "to", "to_name"):
        source = settings.value_source((key,), getattr(folder.config, key))
        yield Reader(key, source, in_url=key == "unsubscribe_url")
    for key, text in folder.config.utm.model_dump(exclude_none=True).items():
        yield Reader(f"utm {key}", settings.value_source(("utm", key), text), in_url=True)
    for name, text in folder.config.let.items():
        yield Reader(f"let {name}", settings.value_source(("let", name), text))
    for plan in decisions.blocks.values():
        if plan.says is not None:
            yield Reader(plan.name, plan.says.source, frozenset(plan.consents))
    for use in uses:
        plan_consents = decisions.blocks[use.name].consents if use.name in decisions.blocks else ()
        yield from _of_block(use, frozenset(plan_consents), folder.config.currency)


def _of_block(use: Use, consents: frozenset[str], currency: str) -> Iterator[Reader]:
    shape = shape_of_inputs(use.block.spec.inputs, currency)
    fixed = {"block": {k: v for k, v in use.inputs.values.items() if isinstance(v, str)}}
    parts = (use.block.html, use.block.text, use.block.amp)
    for part in parts:
        if part is not None:
            html = part is not use.block.text
            yield Reader(use.name, part, consents, constants=fixed, inputs=shape, html=html)
    for path, source in use.inputs.templates.items():
        yield Reader(use.name, source, consents, fills=str(path[0]))


def contract(found: Mapping[str, list[Contract]]) -> CampaignContract:
    """The contracts of all templates, by the name of their block: what recipients' data must hold."""
    theirs = {name: _of_recipients(merged(contracts)) for name, contracts in found.items()}
    return campaign_contract({name: one for name, one in theirs.items() if one.reads})


def _of_recipients(one: Contract) -> Contract:
    """Without what the author gives: inputs, constants, names that they assign."""
    return Contract(tuple(read for read in one.reads if read.path[0] not in _AUTHORS))


def check(
    folder: CampaignFolder, decisions: DecisionProgram, listed: list[Reader], campaign: Mapping[str, Any]
) -> tuple[dict[str, list[Contract]], tuple[Diagnostic, ...]]:
    """The contract of each template that parses, and what is wrong with what they read."""
    schema = decisions.program.schema
    known = {
        "campaign": shape_of_constant({**campaign, OWN_LINK: ""}),
        "let": record(dict.fromkeys(folder.config.let, ANYTHING)),
        "arms": record({one.name: _ARM for one in decisions.plan.experiments.values()}),
        "context": ANYTHING,
        "mail": record({"subject": leaf(Text())}),
    }
    contracts: dict[str, list[Contract]] = {}
    found: list[Diagnostic] = []
    for reader in listed:
        one = _contract(reader)
        if one is None:
            continue  # compiling it says why
        contracts.setdefault(reader.name, []).append(one)
        roots = {**roots_of(schema), **known, "block": reader.inputs or record({})}
        found += check_reads(
            one,
            schema,
            consents=reader.consents or frozenset(),
            roots=roots,
            undefined=folder.config.undefined,
            has_consent_rule=reader.consents is not None,
        )
    return contracts, tuple(d for d in found if not _is_stock_note(d))


def check_html(listed: list[Reader], trusted: frozenset[str]) -> tuple[Diagnostic, ...]:
    """What is wrong with the places of outputs, in the author's own lines, before anything is inlined."""
    from liquid.exceptions import LiquidError

    found: list[Diagnostic] = []
    for reader in listed:
        if not reader.html:
            continue
        try:
            found += check_places(reader.source, slots=reader.slots, trusted=reader.name in trusted)
        except LiquidError:
            continue  # compiling it says why
    return tuple(found)


def unread_fields(
    decisions: DecisionProgram, contracts: Mapping[str, list[Contract]]
) -> tuple[Diagnostic, ...]:
    """A note for each attribute that neither a rule nor a template reads: it need not be collected."""
    program = decisions.program
    by_rules = {one.name for one in program.generated.inputs if isinstance(one, AttributeInput)}
    zone = program.schema.timezone.attribute
    also = {*by_rules, *((zone,) if zone else ())}
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
    stock = finding.source is not None and finding.source.name.startswith("<stock>")
    return stock and finding.severity is Severity.NOTE


def _contract(reader: Reader) -> Contract | None:
    from liquid.exceptions import LiquidError

    try:
        return contract_of(reader.source, constants=reader.constants, slots=reader.slots)
    except LiquidError:
        return None
