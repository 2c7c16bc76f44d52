"""Which block stands behind each name that the rules use, and with which inputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailweave.campaign.folder import CampaignFolder
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog
from mailweave.content.inputs import BoundInputs
from mailweave.content.once import Once, each_time
from mailweave.decisions import BlockPlan
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.source import Source


@dataclass(frozen=True, slots=True)
class Use:
    """A block of the rules, with the content that shows it."""

    name: str
    slot: str
    block: Block
    inputs: BoundInputs


def resolve(
    folder: CampaignFolder,
    catalog: Catalog,
    plans: Iterable[BlockPlan],
    rules: Source,
    once: Once = each_time,
) -> tuple[tuple[Use, ...], tuple[Diagnostic, ...]]:
    """The content of every block that is no text of the rules itself."""
    uses: list[Use] = []
    found: list[Diagnostic] = []
    wanted = [plan for plan in plans if plan.says is None]
    for plan in wanted:
        use, wrong = _resolve(folder, catalog, plan, rules, once)
        found += wrong
        if use is not None:
            uses.append(use)
    found += _unused(folder, [plan.name for plan in wanted])
    return tuple(uses), tuple(found)


def _resolve(
    folder: CampaignFolder, catalog: Catalog, plan: BlockPlan, rules: Source, once: Once
) -> tuple[Use | None, tuple[Diagnostic, ...]]:
    set_here = folder.config.blocks.get(plan.name)
    named = set_here.use if set_here is not None and set_here.use else plan.name
    if named not in catalog.names():
        hint = did_you_mean(named, catalog.names())
        if set_here is not None and set_here.use:
            span = folder.settings.value_span(("blocks", plan.name, "use"))
            return None, (diagnose("MW604", folder.settings.source, span, name=named, help=hint),)
        return None, (diagnose("MW013", rules, plan.span, block=plan.name, help=hint),)
    block, wrong = catalog.block(named)
    if block is None:
        return None, wrong
    given = set_here.inputs if set_here is not None else {}
    inputs, bad = once(
        ("bound", plan.name, block.name, block.settings.source, folder.settings.source),
        lambda: block.bind(given, text=folder.settings, at=("blocks", plan.name, "inputs")),
    )
    missing = sorted(set(block.spec.consent) - set(plan.consents))
    refused = [
        diagnose("MW019", rules, plan.span, block=plan.name, used=named, consent=consent)
        for consent in missing
    ]
    if block.spec.trusted:
        refused.append(diagnose("MW026", rules, plan.span, block=plan.name, used=named))
    return Use(plan.name, plan.slot, block, inputs), (*wrong, *bad, *refused)


def _unused(folder: CampaignFolder, names: list[str]) -> list[Diagnostic]:
    settings = folder.settings
    return [
        diagnose(
            "MW016",
            settings.source,
            settings.key_span(("blocks", name)),
            block=name,
            help=did_you_mean(name, names),
        )
        for name in folder.config.blocks
        if name not in names
    ]
