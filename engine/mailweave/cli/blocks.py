"""mailweave blocks: the catalogue of content blocks and layouts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from mailweave.campaign.block_folders import block_folders
from mailweave.campaign.folder import FolderReader
from mailweave.cli.findings import fail
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog
from mailweave.content.inputs import FieldSpec, InputSpec
from mailweave.diagnostics import Diagnostic


@click.command(name="blocks")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--campaign",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A campaign folder, whose own blocks come first, then those of its libraries.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the catalogue is printed.",
)
def command(names: tuple[str, ...], campaign: Path | None, form: str) -> None:
    """List the blocks and layouts there are; with a NAME, its inputs and a sample of its use."""
    catalog = _catalog(campaign)
    blocks, found = _read(catalog, names or catalog.names())
    if found:
        fail(found)
    if form == "json":
        click.echo(json.dumps(_as_json(blocks, catalog, listing=not names), indent=2, ensure_ascii=False))
    elif names:
        click.echo("\n\n".join(described(block) for block in blocks))
    else:
        click.echo(_listing(blocks, catalog), nl=False)


def described(block: Block) -> str:
    """A block in words: what it is for, its inputs, how a campaign uses it."""
    lines = [f"{block.name}: {block.spec.title}", "", block.spec.doc]
    lines += [f"Needs consent: {', '.join(block.spec.consent)}."] if block.spec.consent else []
    formatter = click.HelpFormatter(width=100)
    with formatter.section("Inputs"):
        formatter.write_dl([_input_row(name, spec) for name, spec in block.spec.inputs.items()])
    return "\n".join([*lines, "", formatter.getvalue().rstrip(), "", "In campaign.toml:", "", usage(block)])


def usage(block: Block) -> str:
    """The sample of a block as the lines that an author would write in `campaign.toml`."""
    text = block.settings.source.text
    start = text.find("[sample.inputs]")
    head = f'[blocks.my_{block.name}]\nuse = "{block.name}"'
    if start < 0:
        return head
    body = text[start + len("[sample.inputs]") :].split("\n[", 1)[0].strip("\n")
    return f"{head}\n\n[blocks.my_{block.name}.inputs]\n{body}"


def kind(spec: InputSpec | FieldSpec) -> str:
    """The type of an input with its bounds, in words."""
    if spec.type == "enum":
        return "one of " + ", ".join(spec.values)
    bounds = []
    if spec.min is not None:
        bounds.append(f"from {spec.min:g}")
    if spec.max is not None:
        bounds.append(f"up to {spec.max:g}" + (" characters" if spec.type in ("text", "rich") else ""))
    return ", ".join([spec.type, " ".join(bounds)] if bounds else [spec.type])


def _catalog(campaign: Path | None) -> Catalog:
    if campaign is None:
        return Catalog()
    reader = FolderReader(campaign)
    reader.find_libraries()
    return Catalog(block_folders(reader.root, campaign, reader.libraries))


def _read(catalog: Catalog, names: tuple[str, ...]) -> tuple[list[Block], list[Diagnostic]]:
    blocks: list[Block] = []
    found: list[Diagnostic] = []
    for name in names:
        block, wrong = catalog.block(name)
        found += wrong
        if block is not None:
            blocks.append(block)
    return blocks, found


def _listing(blocks: list[Block], catalog: Catalog) -> str:
    formatter = click.HelpFormatter(width=100)
    with formatter.section("Blocks"):
        formatter.write_dl([(block.name, block.spec.doc) for block in blocks])
    layouts = [(layout.name, layout.doc) for layout in catalog.all_layouts()]
    with formatter.section("Layouts"):
        formatter.write_dl(layouts)
    return formatter.getvalue() + "\n`mailweave blocks NAME` shows the inputs of a block and a sample.\n"


def _input_row(name: str, spec: InputSpec) -> tuple[str, str]:
    default = f" Default: {spec.default!r}." if spec.default not in (None, "") else ""
    return name, f"{spec.doc} [{kind(spec)}]{default}"


def _as_json(blocks: list[Block], catalog: Catalog, *, listing: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"blocks": [_block_json(block) for block in blocks]}
    if listing:
        shown["layouts"] = [
            {"name": layout.name, "doc": layout.doc, "slots": list(layout.slots)}
            for layout in catalog.all_layouts()
        ]
    return shown


def _block_json(block: Block) -> dict[str, Any]:
    parts = {"html": True, "text": block.text is not None, "amp": block.amp is not None}
    spec = block.spec.model_dump(mode="json", exclude_defaults=True)
    locales = {"locales": [one.locale for one in block.variants]} if block.variants else {}
    return {"name": block.name, "origin": block.origin, "parts": parts, **locales, **spec}
