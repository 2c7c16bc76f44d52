"""python tools/desk_picture.py: write docs/preview.png, the desk over the example `newsletter`, as Chromium shows it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    example = ROOT / "examples" / "newsletter"
    command = [sys.executable, "-m", "mailweave", "preview", str(example), "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout is not None
        photograph(desk.stdout.readline().strip())
        desk.terminate()


def photograph(address: str) -> None:
    """The desk, when its first mail and its list are there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 860})
        page.goto(address)
        page.wait_for_selector("html[data-shown]", state="attached", timeout=60_000)
        page.get_by_role("button", name="R-01", exact=True).wait_for()
        page.frame_locator("#shown iframe").get_by_text("Bake the rye").wait_for()
        page.screenshot(path=ROOT / "docs" / "preview.png")
        browser.close()


if __name__ == "__main__":
    main()
