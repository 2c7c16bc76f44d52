"""python tools/demo_picture.py: write docs/demo.png, a mail of the demo as Chromium shows it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from mailweave import Email, Environment
from mailweave.batch.sources import Recipients
from mailweave.preview.placeholder_images import stand_in_pictures

ROOT = Path(__file__).resolve().parents[1]
CUSTOMER = "00004"


def main() -> None:
    campaign = Environment().compile(ROOT / "fixtures" / "campaigns" / "cdnow-winback")
    folder = ROOT / "fixtures" / "cdnow"
    found = Recipients(folder / "profiles.parquet", folder / "events.parquet").get(CUSTOMER)
    assert found is not None
    email = campaign.render(found.profile, events=found.events)
    assert isinstance(email, Email)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 640, "height": 980})
        page.set_content(stand_in_pictures(email.html))
        page.screenshot(path=ROOT / "docs" / "demo.png")
        browser.close()


if __name__ == "__main__":
    main()
