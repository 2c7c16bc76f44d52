"""The pictures of README.md and docs/preview.md show what is there now; `--update-golden` takes them anew.

Letters are drawn a little differently on every machine, so pictures are compared as grey tiles, and sizes exactly.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from tests.preview.conftest import Running, started

from mailweave.cli.demo_opening import opening
from mailweave.preview.own_pictures import with_own_pictures
from mailweave.preview.placeholder_images import stand_in_pictures
from mailweave.preview.schemes import Scheme, in_scheme

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
DOCS, EXAMPLE = ROOT / "docs", ROOT / "examples" / "newsletter"
TILE, FAR = 16, 40  # pixels of a tile, and how many of 255 steps of grey are more than another font
MOST_FAR = 0.03  # share of tiles that may be so
VIEWS: tuple[tuple[int, Scheme], ...] = ((600, "light"), (600, "dark"), (375, "light"))
SHARE = """async ([one, other, tile, far]) => {
  const grey = async (data) => {
    const image = new Image(); image.src = "data:image/png;base64," + data; await image.decode();
    const [w, h] = [Math.ceil(image.width / tile), Math.ceil(image.height / tile)];
    const canvas = new OffscreenCanvas(w, h), context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high"; context.drawImage(image, 0, 0, w, h);
    const pixels = context.getImageData(0, 0, w, h).data, found = [];
    for (let at = 0; at < pixels.length; at += 4) found.push((pixels[at] + pixels[at + 1] + pixels[at + 2]) / 3);
    return [[image.width, image.height], found];
  };
  const [[size, a], [wanted, b]] = [await grey(one), await grey(other)];
  if (String(size) !== String(wanted)) return 1;
  return a.filter((each, at) => Math.abs(each - b[at]) > far).length / a.length;
}"""


def unlike(browser: Any, one: bytes, other: bytes) -> float:
    """The share of tiles that are not the same in two pictures; 1 where they differ in size."""
    page = browser.new_page()
    coded = [base64.b64encode(each).decode() for each in (one, other)]
    found = page.evaluate(SHARE, [*coded, TILE, FAR])
    page.close()
    return float(found)


@pytest.fixture(scope="module")
def desk() -> Iterator[Running]:
    process, running = started(EXAMPLE)
    running.compiled()
    yield running
    process.terminate()
    process.wait(30)


def desk_picture(browser: Any, desk: Running, state: str = "") -> bytes:
    """The desk over the newsletter, when its first mail and its list are there."""
    page = browser.new_page(viewport={"width": 1400, "height": 860}, color_scheme="light")
    page.set_default_timeout(60_000)
    page.goto(f"{desk.address}{state}")
    page.wait_for_selector("html[data-shown]", state="attached")
    page.get_by_role("button", name="R-01", exact=True).wait_for()
    page.frame_locator("#shown iframe").locator("h1").first.wait_for()
    page.locator("#status").evaluate(
        "place => { place.textContent = 'Compiled'; }"
    )  # in how long is the machine's
    taken = page.screenshot()
    page.close()
    assert isinstance(taken, bytes)
    return taken


def mail_picture(browser: Any, number: int = 0) -> bytes:
    """A mail that the demo opens with: at 600 pixels, in the dark, and on a telephone."""
    entry = opening().entries[number]
    html = stand_in_pictures(with_own_pictures(entry.html, entry.pictures))
    frames = "".join(
        f'<iframe width="{width}" height="1740" srcdoc="{escape(in_scheme(html, scheme))}"></iframe>'
        for width, scheme in VIEWS
    )
    page = browser.new_page(viewport={"width": 920, "height": 880}, color_scheme="light")
    style = "margin:0;background:#cfd3dd;zoom:.54;display:flex;gap:38px;padding:26px"
    page.set_content(f"<body style='{style}'><style>iframe{{border:0;flex:none}}</style>{frames}</body>")
    for number in range(len(VIEWS)):
        page.frame_locator("iframe").nth(number).locator("h1").first.wait_for()
    taken = page.screenshot()
    page.close()
    assert isinstance(taken, bytes)
    return taken


def holds(request: pytest.FixtureRequest, browser: Any, name: str, taken: bytes) -> None:
    path = DOCS / name
    if request.config.getoption("--update-golden"):
        path.write_bytes(taken)
    share = unlike(browser, taken, path.read_bytes())
    assert share <= MOST_FAR, (
        f"docs/{name} is stale ({share:.1%} is another): take it anew with --update-golden"
    )


def test_the_picture_of_the_desk(request: pytest.FixtureRequest, browser: Any, desk: Running) -> None:
    holds(request, browser, "preview.png", desk_picture(browser, desk))


def test_the_picture_of_the_demo(request: pytest.FixtureRequest, browser: Any) -> None:
    holds(request, browser, "demo.png", mail_picture(browser))


def test_a_stale_picture_is_another(browser: Any, desk: Running) -> None:
    other = desk_picture(browser, desk, "#kind=saved&name=silent&scheme=dark")
    assert unlike(browser, other, (DOCS / "preview.png").read_bytes()) > 2 * MOST_FAR
    assert unlike(browser, mail_picture(browser, 1), (DOCS / "demo.png").read_bytes()) > 2 * MOST_FAR
