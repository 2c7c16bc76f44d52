"""python tools/pictures.py [NAME]...: take the pictures of docs/blocks.md.

Needs Chromium, and Pillow to make them small (pip install pillow): pictures differ a little from machine
to machine, so they are taken by hand, when a block has changed, and no check compares them.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from mailweave.content.catalog import Catalog
from mailweave.content.preview import show
from mailweave.preview.placeholder_images import stand_in_pictures

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "blocks"
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run"
GAP = 20
VIEWS = ((600, False), (600, True), (375, False))
LAYOUTS = {
    "newsletter": {
        "header": "header",
        "hero": "hero",
        "offers": "offer",
        "products": "product_grid",
        "extra": "testimonial",
        "footer": "footer",
    },
    "transactional": {"header": "header", "main": "text", "purchase": "order_summary", "footer": "footer"},
    "letter": {"main": "text", "extra": "button", "footer": "footer"},
}


def view(browser: Browser, html: str, width: int, dark: bool, scale: float) -> Image.Image:
    """A screenshot of a whole e-mail."""
    context = browser.new_context(
        viewport={"width": width, "height": 80},
        color_scheme="dark" if dark else "light",
        device_scale_factor=scale * 2,
    )
    page = context.new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content(stand_in_pictures(html))
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    context.close()
    return shot.resize((shot.width // 2, shot.height // 2), Image.Resampling.LANCZOS)


def side_by_side(shots: list[Image.Image]) -> Image.Image:
    width = sum(shot.width for shot in shots) + GAP * (len(shots) + 1)
    sheet = Image.new("RGB", (width, max(shot.height for shot in shots) + 2 * GAP), "#cfd3dd")
    left = GAP
    for shot in shots:
        sheet.paste(shot, (left, GAP))
        left += shot.width + GAP
    return sheet


def main(names: list[str]) -> int:
    catalog = Catalog()
    newsletter = catalog.layout("newsletter")[0]
    pages = {name: (newsletter, {"main": name}) for name in catalog.names() if name != "preheader"}
    pages |= {f"layout-{name}": (catalog.layout(name)[0], slots) for name, slots in LAYOUTS.items()}
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = os.environ.get("MAILWEAVE_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        for name in names or pages:
            layout, slots = pages[name]
            blocks = {slot: catalog.block(block)[0] for slot, block in slots.items()}
            assert layout is not None
            html = show(layout, {slot: block for slot, block in blocks.items() if block is not None}).html
            scale, colors = (0.32, 44) if name.startswith("layout-") else (0.6, 96)
            sheet = side_by_side([view(browser, html, width, dark, scale) for width, dark in VIEWS])
            small = sheet.quantize(colors, kmeans=3, dither=Image.Dither.NONE)
            small.save(FOLDER / f"{name}.png", optimize=True)
            print(f"{name}.png: {(FOLDER / f'{name}.png').stat().st_size:,} bytes")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
