"""Documents that were not made to test an inliner: mails of others, frameworks, our own blocks and layouts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from mailweave.content import preview
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog, Layout
from mailweave.content.inlined import InlinedCampaign
from mailweave.content.preview import BlockPreview, Setting
from mailweave.source import Source
from tests.content.weaver import plain
from tests.inlining.node import compiled, unfolded

ROOT = Path(__file__).resolve().parents[2]
MJML = ROOT / "fixtures" / "inline" / "mjml"
CATALOG = Catalog()
_LINK = re.compile(r"<link[^>]*foundation-emails\.css[^>]*>")
# what each stock layout is filled with
FULL = {
    "newsletter": {
        "preheader": "preheader",
        "header": "header",
        "hero": "hero",
        "main": "text",
        "offers": "offer",
        "products": "product_grid",
        "extra": "testimonial",
        "footer": "footer",
    },
    "transactional": {
        "preheader": "preheader",
        "header": "header",
        "main": "text",
        "order": "order_summary",
        "extra": "product_card",
        "footer": "footer",
    },
    "letter": {"preheader": "preheader", "main": "text", "extra": "button", "footer": "footer"},
}


def emails(shared_data: Path) -> Iterator[tuple[str, str]]:
    """The mails in ../shared/data, without the placeholders of the systems they were made for."""
    folder = shared_data / "emails"
    for path in sorted(folder.rglob("*.html")):
        yield str(path.relative_to(folder)), plain(path.read_text(encoding="utf-8", errors="replace"))


def foundation(node_modules: Path) -> Iterator[tuple[str, str]]:
    """All that foundation-emails ships, compiled, its style sheet in place of the link: the mails that it compiled
    itself (the second time with the minified sheet), their sources in Inky, and its test pages."""
    home = node_modules / "foundation-emails"
    plain, small = (
        f"<style>\n{(home / 'dist' / f'foundation-emails{kind}.css').read_text(encoding='utf-8')}\n</style>"
        for kind in ("", ".min")
    )
    mails = sorted((home / ".download" / "templates").glob("*.html"))
    for kind, style in (("", plain), ("min ", small)):
        for path in [*mails, home / ".download" / "index.html"]:
            yield f"{kind}{path.name}", _styled(path.read_text(encoding="utf-8"), style)
    page = (home / "test" / "visual" / "_template.html").read_text(encoding="utf-8")
    for folder in (home / "templates", home / "test" / "visual" / "pages"):
        paths = sorted(folder.glob("*.html"))
        texts = [page.replace("<%= contents %>", path.read_text(encoding="utf-8")) for path in paths]
        for path, text in zip(paths, unfolded(node_modules, texts), strict=True):
            yield f"{folder.name}/{path.name}", _styled(text, plain)


def _styled(page: str, style: str) -> str:
    """A page with its style sheet in place of the link."""
    return _LINK.sub(lambda _: style, page)


def mjml(node_modules: Path) -> Iterator[tuple[str, str]]:
    """Our own templates of fixtures/inline/mjml, compiled."""
    paths = sorted(MJML.glob("*.mjml"))
    made = compiled(node_modules, [path.read_text(encoding="utf-8") for path in paths])
    for path, one in zip(paths, made, strict=True):
        assert not one["errors"], (path.name, one["errors"])
        yield path.name, one["html"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A stock mail, rendered with its style sheet as it is written, and rendered after inlining."""

    name: str
    before: str
    after: str
    findings: tuple[str, ...]
    exact: bool


def block(name: str) -> Block:
    found, wrong = CATALOG.block(name)
    assert found is not None, wrong
    return found


def layout(name: str) -> Layout:
    found, wrong = CATALOG.layout(name)
    assert found is not None, wrong
    return found


def alone(name: str, setting: Setting | None = None) -> Pair:
    """A stock block by itself in the newsletter."""
    return _pair(name, layout("newsletter"), {"main": block(name)}, setting)


def full(name: str, setting: Setting | None = None) -> Pair:
    """A stock layout with a block in each slot."""
    blocks = {slot: block(one) for slot, one in FULL[name].items() if slot in layout(name).slots}
    return _pair(name, layout(name), blocks, setting)


def _pair(name: str, of: Layout, blocks: dict[str, Block], setting: Setting | None) -> Pair:
    shown = BlockPreview(of, blocks, setting).render()
    with patch.object(preview, "inline_campaign", _not_inlined):
        before = BlockPreview(of, blocks, setting).render().html
    return Pair(name, before, shown.html, tuple(map(str, shown.diagnostics)), shown.exact)


def _not_inlined(
    layout: Source, css: Source, blocks: Mapping[str, Mapping[str, Source]], **_options: object
) -> InlinedCampaign:
    """In place of the inliner: the style sheet in the head, everything else as it is."""
    text = layout.text.replace("</head>", f"<style>{css.text}</style></head>", 1)
    texts = {name: source.text for some in blocks.values() for name, source in some.items()}
    return InlinedCampaign(text, texts, (), True)
