"""The page where things go wrong: addresses that nobody would write, answers that fail, values of another type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.preview.conftest import Running
from tests.preview.test_desk import opened, pick, says

pytestmark = pytest.mark.browser
_WRONG = {
    "id": "a",
    "email": "a@example.com",
    "consent": {"marketing": True},
    "orders": "many",
    "plan": "gold",
}
ANN, NONE = "Hello, Ann", "No mail: see below"
STATES = [
    ("view=bogus&width=bogus&scheme=x&pictures=constructor", ANN),
    ("view=__proto__", ANN),
    ("kind=__proto__&name=x", ANN),
    ("arms=5", ANN),
    ("arms=[1]", ANN),
    ('arms={"x":{"a":1}}', ANN),
    ('arms={"x":"y"}', ANN),
    ("kind=edited", ANN),
    ("kind=edited&recipient={", ANN),
    ("kind=edited&recipient=5", ANN),
    ('kind=edited&recipient={"events":5}', NONE),
    ("kind=saved&name=nobody", NONE),
    ("kind=saved&name=..%2fann", NONE),
    ("kind=listed&name=%00", NONE),
    ("kind=segment&name=none", NONE),
    ("kind=cover&name=-1", NONE),
    ("%ff=%fe&%", ANN),
    ("kind=edited&recipient=" + quote(json.dumps(_WRONG)), "No mail"),
    ("x" * 100_000, ANN),
]


def follow(page: Any, address: str, subject: str) -> None:
    page.goto("about:blank")
    page.goto(address)
    page.locator("#subject").get_by_text(subject, exact=True).wait_for()


@pytest.fixture
def page(browser: Any, corner: Running) -> Iterator[Any]:
    """A desk in which no script fails."""
    failed: list[str] = []
    for page in opened(browser, corner.address):
        page.on("pageerror", lambda error: failed.append(str(error)))
        yield page
    assert failed == []


@pytest.mark.parametrize(("state", "subject"), STATES)
def test_a_wrong_address_breaks_nothing(page: Any, corner: Running, state: str, subject: str) -> None:
    follow(page, f"{corner.address}#{state}", subject)
    assert page.locator("fieldset input:checked").count() == 4
    page.get_by_role("button", name="ben", exact=True).click()
    says(page, "Welcome, Ben")


def test_another_address_is_another_choice(page: Any) -> None:
    page.evaluate("location.hash = 'kind=saved&name=ben&view=text&width=375'")
    page.locator("#shown pre", has_text="Welcome, Ben").wait_for()
    assert page.locator("input[value=text]").is_checked()
    assert page.locator("input[value='375']").is_checked()
    page.evaluate("location.hash = ''")
    says(page, "A golden day, Ann")
    assert page.locator("input[value=html]").is_checked()


def test_the_form_shows_what_is_of_another_type(page: Any, corner: Running) -> None:
    follow(page, f"{corner.address}#kind=edited&recipient={quote(json.dumps(_WRONG))}", "No mail")
    assert page.locator("#field-orders").input_value() == "many"
    assert page.locator("#field-plan").input_value() == "gold"
    page.locator("#field-plan").select_option("free")
    for written, kept in (("9007199254740993", "text"), ("1e999", "text"), ("2", "number")):
        page.locator("#field-orders").fill(written)
        page.locator("#field-orders").press("Tab")
        page.wait_for_url(lambda url, written=written: quote(written) in url)
        value = {"text": f'"{written}"', "number": written}[kept]
        assert f'"orders":{value}' in page.evaluate("decodeURIComponent(location.hash)")
    says(page, "Welcome, friend")


def test_the_grid_follows_the_scheme_and_lets_choose(page: Any) -> None:
    pick(page, "Grid")
    page.locator(".tile iframe[src*='scheme=light']").first.wait_for()
    pick(page, "Dark")
    page.locator(".tile iframe[src*='scheme=dark']").first.wait_for()
    page.get_by_role("button", name="ben", exact=True).click()
    page.locator(".tile").first.wait_for(state="detached")
    says(page, "Welcome, Ben")
    assert page.locator("input[value=html]").is_checked()


def test_a_later_search_wins(page: Any) -> None:
    """The answer to the first text comes last."""
    held: list[Any] = []

    def hold(route: Any) -> None:
        if route.request.post_data_json["text"] == "cy@":
            held.append(route)
        else:
            route.continue_()

    page.route("**/search", hold)
    page.get_by_label("Key or text in the list").fill("cy@")
    page.wait_for_timeout(400)
    page.get_by_label("Key or text in the list").fill("di@")
    page.get_by_role("button", name="k2", exact=True).wait_for()
    with page.expect_response("**/search"):
        held[0].continue_()
    page.wait_for_timeout(200)
    assert page.get_by_role("button", name="k1", exact=True).count() == 0


def test_a_list_that_cannot_be_read_is_told(browser: Any, own_corner: Running) -> None:
    (own_corner.folder / "people.csv").unlink()
    for page in opened(browser, own_corner.address):
        page.locator("#list-findings .finding", has_text="the list is missing").wait_for()


def test_what_gets_no_answer_is_told(page: Any) -> None:
    page.route("**/mail", lambda route: route.fulfill(status=404, body=""))
    page.route("**/cover", lambda route: route.abort())
    page.get_by_role("button", name="ben", exact=True).click()
    page.locator("#shown .finding", has_text="gave no answer").wait_for()
    page.unroute("**/mail")
    pick(page, "Grid")
    page.locator("#shown .finding", has_text="gave no answer").wait_for()
    page.get_by_role("button", name="ben", exact=True).click()
    says(page, "Welcome, Ben")


def test_what_was_opened_stays_open(page: Any) -> None:
    page.get_by_text("more on hero").click()
    page.locator("#field-first_name").fill("Zoe")
    page.locator("#field-first_name").press("Tab")
    says(page, "A golden day, Zoe")
    assert page.locator("details[open] > summary").all_inner_texts() == ["more on hero"]


def tab_to(page: Any, test: str) -> None:
    """Presses Tab until what has the focus is what is wanted."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(f"(now => {test})(document.activeElement)"):
            return
    raise AssertionError(test)


def test_the_keyboard_alone_from_start_to_end(page: Any) -> None:
    says(page, "A golden day, Ann")
    page.get_by_role("button", name="k1", exact=True).wait_for()
    tab_to(page, "now.id === 'search'")
    page.keyboard.type("cy@")
    page.get_by_role("button", name="k2", exact=True).wait_for(state="detached")
    tab_to(page, "now.textContent === 'k1'")
    page.keyboard.press("Enter")
    says(page, "Welcome, Cy")
    tab_to(page, "now.id === 'field-first_name'")
    page.keyboard.press("Control+A")
    page.keyboard.type("Zoe")
    page.keyboard.press("Tab")
    says(page, "Welcome, Zoe")
    assert page.evaluate("document.activeElement.id") == "field-first_name-known"
    page.keyboard.press("Space")
    says(page, "Welcome, friend")
    tab_to(page, "now.textContent === 'block note'")
    page.keyboard.press("Enter")
    page.locator("#source-title", has_text="note/block.html").wait_for()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "block note", "where one was before"
    tab_to(page, "now.name === 'view'")
    page.keyboard.press("ArrowLeft")
    page.locator(".tile").first.wait_for()
    tab_to(page, "now.closest('.tile')")
    page.keyboard.press("Enter")
    page.locator("#shown > iframe").wait_for()
    assert page.evaluate("document.activeElement.id") == "shown"


@pytest.mark.parametrize("view", ["Text", "AMP", "Headers", "Grid", "Skipped"])
def test_axe_finds_nothing_in_any_view(browser: Any, corner: Running, view: str) -> None:
    script = Path(__file__).resolve().parents[2] / ".cache" / "axe.min.js"
    if not script.is_file():
        pytest.skip("needs axe-core: npm pack axe-core, as .cache/axe.min.js")
    context = browser.new_context(bypass_csp=True, viewport={"width": 1500, "height": 950})
    page = context.new_page()
    follow(page, corner.address, ANN)
    if view == "Skipped":
        page.locator("#consent-marketing").uncheck()
        page.get_by_text("Skipped: no_consent").wait_for()
    else:
        pick(page, view)
        page.locator(".tile" if view == "Grid" else "#shown pre, #shown table").first.wait_for()
    page.locator("#why button.place").first.click()
    page.locator("#lines .here").wait_for()
    page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {iframes: false})).violations")
    context.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
