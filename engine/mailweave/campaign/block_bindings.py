"""Which block stands behind each name that the rules use, and with which inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from mailweave.campaign.block_variants import in_campaign
from mailweave.campaign.folder import CampaignFolder
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog
from mailweave.content.inputs import BoundInputs
from mailweave.content.once import Once, each_time
from mailweave.content.rich_blocks import with_marks
from mailweave.content.toml import Path
from mailweave.decisions import BlockPlan
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.source import Source

STOCK: Final = "<stock>"
"""How the names of stock files begin."""


@dataclass(frozen=True, slots=True)
class Use:
    """A block of the rules, with the content that shows it.

    `written` is the block as its author wrote it, `block` the same with the marks of its rich inputs in its templates.
    `texts` are the inputs that hold Liquid as their author wrote them, `marks` the paths of those that hold marks.
    """

    name: str
    slot: str
    block: Block
    inputs: BoundInputs
    written: Block
    texts: Mapping[Path, Source]
    marks: frozenset[Path] = frozenset()

    @property
    def is_own(self) -> bool:
        """Whether its block is the author's, or a library's, and none of the stock."""
        return not self.block.html.name.startswith(STOCK)

    @property
    def context(self) -> str:
        """Where a translator reads that its texts stand: in the block, or in the inputs of a stock block."""
        return f"blocks/{self.block.name}" if self.is_own else f"inputs/{self.name}"


Whole: TypeAlias = Callable[[Block], Block]
"""A block with its snippets written out."""


def _as_it_is(block: Block) -> Block:
    return block


def resolve(
    folder: CampaignFolder,
    catalog: Catalog,
    plans: Iterable[BlockPlan],
    rules: Source,
    once: Once = each_time,
    whole: Whole = _as_it_is,
) -> tuple[tuple[Use, ...], tuple[Diagnostic, ...]]:
    """The content of every block that is no text of the rules itself. whole: writes out the snippets of a block, which
    may show its rich inputs."""
    uses: list[Use] = []
    found: list[Diagnostic] = []
    wanted = [plan for plan in plans if plan.says is None]
    for plan in wanted:
        use, wrong = _resolve(folder, catalog, plan, rules, once, whole)
        found += wrong
        if use is not None:
            uses.append(use)
    found += _unused(folder, [plan.name for plan in wanted])
    return tuple(uses), tuple(found)


def _resolve(
    folder: CampaignFolder, catalog: Catalog, plan: BlockPlan, rules: Source, once: Once, whole: Whole
) -> tuple[Use | None, tuple[Diagnostic, ...]]:
    set_here = folder.config.blocks.get(plan.name)
    named = set_here.use if set_here is not None and set_here.use else plan.name
    if named not in catalog.names():
        hint = did_you_mean(named, catalog.names())
        if set_here is not None and set_here.use:
            span = folder.settings.value_span(("blocks", plan.name, "use"))
            return None, (diagnose("MW604", folder.settings.source, span, name=named, help=hint),)
        return None, (diagnose("MW013", rules, plan.span, block=plan.name, help=hint),)
    block, wrong = catalog.block(named, plan.slot)
    if block is None:
        return None, wrong
    block, unshown = in_campaign(block, folder.config)
    wrong = (*wrong, *unshown)
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
    texts, marks = inputs.written, frozenset(inputs.rich)
    written = whole(block)
    marked, inputs, misfits = with_marks(written, inputs)
    return Use(plan.name, plan.slot, marked, inputs, written, texts, marks), (
        *wrong,
        *bad,
        *misfits,
        *refused,
    )


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
