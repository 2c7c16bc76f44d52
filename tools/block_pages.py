"""docs/blocks.md: the catalogue of stock blocks and layouts, with pictures."""

from __future__ import annotations

from pathlib import Path

from mailweave.cli.blocks import kind, usage
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog, Layout

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "blocks"

HEAD = """# Blocks and layouts

Written by `make docs` from the `block.toml` files; `mailweave blocks` prints the same in a terminal. Each
picture shows a block at 600 pixels, in a dark scheme, and at 375 pixels, with its sample data; the pictures
in them are drawn stand-ins. How to write a block of one's own: [blocks/README.md](../blocks/README.md)."""


RICH = Path(__file__).with_name("rich_text.md")  # a page of its own would be found by nobody


def blocks() -> str:
    """The whole page."""
    catalog = Catalog()
    found = [block for name in catalog.names() if (block := catalog.block(name)[0]) is not None]
    parts = [HEAD, "## Layouts", *(_layout(layout) for layout in catalog.all_layouts())]
    parts += [
        RICH.read_text(encoding="utf-8").strip(),
        "## Blocks",
        _contents(found),
        *(_block(block) for block in found),
    ]
    return "\n\n".join(parts) + "\n"


def _contents(found: list[Block]) -> str:
    rows = [f"| [{block.name}](#{block.name}) | {block.spec.doc} |" for block in found]
    return "\n".join(["| block | what it is for |", "| --- | --- |", *rows])


def _layout(layout: Layout) -> str:
    slots = ", ".join(f"`{slot}`" for slot in layout.slots)
    picture = _picture(f"layout-{layout.name}", f"The layout {layout.name}")
    return f"### {layout.name}\n\n{layout.doc}\n\nIts slots, from top to bottom: {slots}.{picture}"


def _block(block: Block) -> str:
    parts = [f"### {block.name}", block.spec.doc + _extras(block)]
    picture = _picture(block.name, f"The block {block.name}: light, dark, and at 375 pixels").strip()
    parts += [picture] if picture else []
    if block.spec.inputs:
        rows = ["| input | type | default | |", "| --- | --- | --- | --- |"]
        for name, spec in block.spec.inputs.items():
            default = f"`{spec.default!r}`" if spec.default not in (None, "") else ""
            rows.append(f"| `{name}` | {kind(spec)} | {default} | {spec.doc} |")
            rows += [
                f"| `{name}[].{field}` | {kind(inner)} | | {inner.doc} |"
                for field, inner in spec.fields.items()
            ]
        parts.append("\n".join(rows))
    return "\n\n".join([*parts, f"```toml\n{usage(block)}\n```"])


def _extras(block: Block) -> str:
    extras = []
    if block.spec.consent:
        extras.append(f"Needs the recipient's consent to {', '.join(block.spec.consent)}.")
    if block.amp is not None:
        extras.append("It has an AMP form of its own.")
    return "".join(f" {extra}" for extra in extras)


def _picture(name: str, alt: str) -> str:
    return f"\n\n![{alt}](blocks/{name}.png)" if (PICTURES / f"{name}.png").is_file() else ""
