"""The desk in Chromium, as an author uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.preview.conftest import Running

pytestmark = pytest.mark.browser
_SHOWN = "html[data-shown]"


def opened(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1500, "height": 950})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.wait_for_selector(_SHOWN, state="attached")
    yield page
    context.close()


@pytest.fixture
def page(browser: Any, corner: Running) -> Iterator[Any]:
    """The desk at its first mail."""
    yield from opened(browser, corner.address)


@pytest.fixture
def own_page(browser: Any, own_corner: Running) -> Iterator[Any]:
    """A desk whose files the test changes, at its first mail."""
    yield from opened(browser, own_corner.address)


def mail(page: Any) -> Any:
    """The frame of the mail that is shown."""
    return page.frame_locator("#shown iframe")


def says(page: Any, words: str) -> None:
    """Waits for a mail that says this."""
    mail(page).get_by_text(words).first.wait_for()


def pick(page: Any, label: str) -> None:
    page.locator("fieldset label", has_text=label).click()


def test_choose_search_and_somebody_in_a_segment(page: Any) -> None:
    says(page, "A golden day, Ann")
    page.get_by_role("button", name="ben", exact=True).click()
    says(page, "Welcome, Ben")
    page.get_by_label("Key or text in the list").fill("cy@")
    page.get_by_role("button", name="k2").wait_for(state="detached")
    page.get_by_role("button", name="k1").click()
    says(page, "Welcome, Cy")
    page.get_by_role("button", name="loyal", exact=True).click()
    says(page, "A golden day")


def test_edit_a_field_and_switch_consent(page: Any) -> None:
    says(page, "A golden day, Ann")
    page.locator("#field-first_name").fill("Zoe")
    page.locator("#field-orders").fill("1")
    page.locator("#field-orders").press("Tab")
    says(page, "Welcome, Zoe")
    assert "Zoe" in page.url, "the state is in the address"
    page.locator("#field-first_name-known").uncheck()
    says(page, "Welcome, friend")
    page.locator("#consent-marketing").uncheck()
    page.get_by_text("Skipped: no_consent").wait_for()
    page.locator("#why").get_by_text("no mail: no_consent").wait_for()


def test_somebody_else_in_the_address_is_somebody_else_in_the_form(page: Any, corner: Running) -> None:
    page.locator("#field-first_name").fill("Zoe")
    page.locator("#field-first_name").press("Tab")
    says(page, "A golden day, Zoe")
    page.evaluate("address => { location.href = address }", page.url.replace("Zoe", "Ida"))
    says(page, "A golden day, Ida")
    page.locator("#field-first_name").wait_for()
    assert page.locator("#field-first_name").input_value() == "Ida"


def test_the_address_holds_the_state(page: Any, browser: Any) -> None:
    page.locator("#field-first_name").fill("Zoe")
    page.locator("#field-first_name").press("Tab")
    pick(page, "375")
    says(page, "A golden day, Zoe")
    other = browser.new_context().new_page()
    other.goto(page.url)
    says(other, "A golden day, Zoe")
    assert other.locator("#shown iframe").bounding_box()["width"] == pytest.approx(375, abs=3)
    other.context.close()


def test_a_saved_block_is_seen_in_two_browsers_at_once(
    own_page: Any, browser: Any, own_corner: Running
) -> None:
    other = browser.new_context().new_page()
    other.goto(f"{own_corner.address}#kind=saved&name=ben")
    says(other, "Welcome, Ben")
    block = own_corner.folder / "blocks" / "note" / "block.html"
    block.write_text(
        block.read_text(encoding="utf-8").replace("Plain words", "Fresh words"), encoding="utf-8"
    )
    says(own_page, "Fresh words of a note.")
    says(other, "Fresh words of a note.")
    says(own_page, "A golden day, Ann")
    says(other, "Welcome, Ben")
    other.context.close()


def test_a_broken_campaign_keeps_the_last_good_mail(own_page: Any, own_corner: Running) -> None:
    rules = own_corner.folder / "corner.rules"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("orders >= 5", "oders >= 5"), encoding="utf-8")
    own_page.locator("#status.bad", has_text="the last good mail is shown").wait_for()
    finding = own_page.locator("#findings .finding.error").first
    assert "orders" in finding.inner_text()
    says(own_page, "A golden day, Ann")
    finding.locator("button.place").click()
    assert "oders >= 5" in own_page.locator("#lines .here").inner_text()
    rules.write_text(text, encoding="utf-8")
    own_page.locator("#status:not(.bad)").wait_for()


def test_a_campaign_that_never_compiled_shows_its_findings(browser: Any, own_corner: Running) -> None:
    (own_corner.folder / "campaign.toml").unlink()
    page = browser.new_context().new_page()
    page.set_default_timeout(60_000)
    page.goto(own_corner.address)
    page.locator("#findings .finding.error").first.wait_for()
    page.context.close()


def test_a_reason_leads_to_its_line_and_a_part_of_the_mail_to_its_block(page: Any) -> None:
    hero = page.locator("#why .why", has=page.get_by_role("heading", name="hero"))
    hero.locator("button.place").first.click()
    assert page.locator("#lines .here").inner_text().split()[0] == "loyal"
    mail(page).get_by_text("You have 7 orders.").click()
    page.locator("#source-title", has_text="block.html").wait_for()
    assert "profile.orders" in page.locator("#lines .here").inner_text()


def test_every_view_scheme_and_picture(page: Any) -> None:
    says(page, "A golden day, Ann")
    for view, words in (
        ("Text", "Plain words of a note."),
        ("Message", "MIME-Version"),
        ("Headers", "Message-ID"),
    ):
        pick(page, view)
        page.locator("#shown", has_text=words).wait_for()
    pick(page, "HTML")
    grounds = []
    for scheme in ("Dark", "Light"):
        pick(page, scheme)
        page.wait_for_selector(f"#shown iframe[src*={scheme.lower()}]")
        says(page, "A golden day, Ann")
        grounds.append(mail(page).locator("body").evaluate("e => getComputedStyle(e).backgroundColor"))
    assert grounds[0] != grounds[1]
    pick(page, "Off")
    page.wait_for_selector("#shown iframe[src*='pictures=off']")


def test_the_grid_shows_the_covering_set(page: Any) -> None:
    pick(page, "Grid")
    page.locator(".tile").first.wait_for()
    shows = " ".join(page.locator(".tile").all_inner_texts())
    assert all(block in shows for block in ("gold", "welcome", "note", "legal"))
    page.locator(".tile button").first.click()
    page.wait_for_selector("#shown > iframe")


def test_nothing_runs_that_comes_from_data(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="eve", exact=True).click()
    page.locator("#subject", has_text="onerror").wait_for()
    says(page, "<script>document.title=1</script>")
    assert page.title() == "corner: mailweave preview"
    assert mail(page).locator("html").evaluate("() => document.title") != "1"
    assert all(url.startswith("http://127.0.0.1:") for url in asked)


def test_the_keyboard_is_enough(page: Any) -> None:
    says(page, "A golden day, Ann")
    page.get_by_role("button", name="k1", exact=True).wait_for()
    page.get_by_label("Key or text in the list").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "ben":
            break
    page.keyboard.press("Enter")
    says(page, "Welcome, Ben")
    page.locator("input[name=view]:checked").focus()
    page.keyboard.press("ArrowRight")
    page.locator("#shown pre", has_text="Plain words of a note.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, corner: Running, scheme: str) -> None:
    script = Path(__file__).resolve().parents[2] / ".cache" / "axe.min.js"
    if not script.is_file():
        pytest.skip("needs axe-core: npm pack axe-core, as .cache/axe.min.js")
    context = browser.new_context(
        color_scheme=scheme, bypass_csp=True, viewport={"width": 1500, "height": 950}
    )
    page = context.new_page()
    page.goto(corner.address)
    page.wait_for_selector(_SHOWN, state="attached")
    page.locator("#why button.place").first.click()
    page.locator("#lines .here").wait_for()
    page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {iframes: false})).violations")
    serious = [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    context.close()
    assert not serious
