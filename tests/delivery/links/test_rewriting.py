"""Nothing of a mail changes but its links, and each gives back where it led."""

from __future__ import annotations

import base64
import html as entities
import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave import Email, Environment
from mailweave.campaign.saved_recipients import saved_recipient
from mailweave.content.catalog import Catalog
from mailweave.content.preview import BlockPreview
from mailweave.delivery.links import LinkError, Signer, rewrite
from mailweave.message.amp import validate_by_rules
from tests.delivery.links.mails import NOW, PLACES, WAY_OUT, became, followed, mail, signer

ROOT = Path(__file__).resolve().parents[3]
FIXTURES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (ROOT / "fixtures/delivery/links.toml").read_text(encoding="utf-8")
)
SIGNER = signer(open=None)
HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.I)
BESIDE = (
    '<a href="https://a.example/x?b=1&amp;c=2">1</a><a href="https://a.example/(x)">2</a>'
    '<a href="https://a.example/a b">4</a>'
    '<a data-no-track href="https://a.example/kept">3</a>'
)
CAMPAIGNS = sorted(
    str(path.parent.relative_to(ROOT))
    for folder in ("examples", "fixtures/campaigns")
    for path in (ROOT / folder).glob("*/campaign.toml")
)


def links_of(html: str) -> list[str]:
    """Where links lead, those for Outlook among them, as html5lib reads them."""
    return [value for _, value in _hrefs(html)]


def _hrefs(html: str) -> Iterator[tuple[str, str]]:
    walker = html5lib.getTreeWalker("etree")
    for token in walker(html5lib.parse(html)):
        if token["type"] in ("StartTag", "EmptyTag"):
            href = token["data"].get((None, "href"))
            if href is not None and re.fullmatch(r"a|area|v:\w+", token["name"]):
                yield token["name"], href
        elif token["type"] == "Comment" and token["data"].startswith("[if"):
            yield from _hrefs(token["data"].partition(">")[2])


def shape(html: str) -> list[Any]:
    """A page as html5lib reads it, without where its links lead."""
    made: list[Any] = []
    for token in html5lib.getTreeWalker("etree")(html5lib.parse(html)):
        told = {**token}
        if told["type"] in ("StartTag", "EmptyTag"):
            keep = told["name"] not in ("a", "area") and not told["name"].startswith("v:")
            told["data"] = {key: value for key, value in told["data"].items() if keep or key[1] != "href"}
        elif told["type"] == "Comment" and told["data"].startswith("[if"):
            told["data"] = HREF.sub("", told["data"])
        made.append(told)
    return made


@pytest.mark.parametrize("case", FIXTURES["cases"], ids=lambda case: case["name"])
def test_each_link_becomes_what_the_case_says(case: dict[str, Any]) -> None:
    email = mail(case["html"])
    signed = rewrite(email, SIGNER)
    assert shape(signed.html) == shape(email.html)
    before, after = links_of(email.html), links_of(signed.html)
    assert [became(url, SIGNER) for url in after] == case["links"]
    kept = [i for i, one in enumerate(case["links"]) if one == ["kept"]]
    assert [after[i] for i in kept] == [before[i] for i in kept]
    assert rewrite(signed, SIGNER) == signed


@pytest.mark.parametrize("case", FIXTURES["texts"], ids=lambda case: case["text"])
def test_each_text_becomes_what_the_case_says(case: dict[str, str]) -> None:
    signed = rewrite(mail(BESIDE, case["text"]), SIGNER)

    def unsigned(found: re.Match[str]) -> str:
        link = followed(found[0], SIGNER)
        assert link is not None
        return f"<{link.target.replace(' ', '%20') or WAY_OUT}>"

    assert re.sub(r"https://go\.example\.com/[\w/?=&-]+", unsigned, signed.text) == case["signed"]


@pytest.mark.parametrize("case", FIXTURES["persons"], ids=lambda case: case["target"])
def test_a_link_with_a_persons_address_is_refused(case: dict[str, Any]) -> None:
    link = f'<a href="https://a.example/"></a><a {{}} href="{entities.escape(case["target"])}">x</a>'
    if not case["refused"]:
        assert became(links_of(rewrite(mail(link.format("")), SIGNER).html)[1], SIGNER)[0] == "click"
        return
    with pytest.raises(LinkError, match="MW733 link 2 of the HTML") as found:
        rewrite(mail(link.format("")), SIGNER)
    assert "ann" not in f"{found.value.diagnostics}".casefold()
    assert case["target"] in entities.unescape(rewrite(mail(link.format("data-no-track")), SIGNER).html)


def test_what_is_wrong_is_told_at_once() -> None:
    long = f"https://a.example/{'x' * 2000}"
    page = f'<a href="https://a.example/?to=a@b.example"></a><a href="{long}"></a><a href="{long}"></a>'
    with pytest.raises(LinkError) as found:
        rewrite(mail(page, amp='<a href="https://a.example/?to=c@d.example"></a>'), SIGNER)
    told = [(one.code, one.message[:16]) for one in found.value.diagnostics]
    assert sorted(told) == [
        ("MW733", "link 1 of the AM"),
        ("MW733", "link 1 of the HT"),
        ("MW734", "link 2 of the HT"),
    ]


def mails(campaign: str) -> list[Email]:
    """Those of the people whom a campaign keeps beside it."""
    compiled = Environment().compile(ROOT / campaign)
    made = []
    for path in sorted((ROOT / campaign / "recipients").glob("*.json")):
        one = saved_recipient(compiled, json.loads(path.read_text(encoding="utf-8")), path.name)
        made.append(compiled.render(one.profile, events=one.events, now=one.moment(), context=one.context))
    return [one for one in made if isinstance(one, Email)]


def check(email: Email, signing: Signer) -> int:
    """What holds for every mail; gives how many links are signed."""
    signed = rewrite(email, signing)
    assert rewrite(email, signing) == signed == rewrite(signed, signing)
    count = 0
    for before, after in ((email.html, signed.html), (email.amp, signed.amp)):
        if before is not None and after is not None:
            count += same_but_links(before, after, email, signing)
    assert (signed.amp is None) == (email.amp is None)
    texts_agree(email, signed, signing)
    envelope = signed.envelope._replace(unsubscribe_url=email.envelope.unsubscribe_url)
    assert envelope == email.envelope
    assert signed.message_id == email.message_id
    untouched = set(Email.__slots__) - {"html", "text", "amp", "envelope", "cut"}
    assert all(getattr(signed, name) == getattr(email, name) for name in untouched)
    return count


def same_but_links(before: str, after: str, email: Email, signing: Signer) -> int:
    assert shape(after) == shape(before)
    old, new = links_of(before), links_of(after)
    assert len(old) == len(new)
    followed_ones = 0
    for was, url in zip(old, new, strict=True):
        link = followed(url, signing)
        followed_ones += link is not None
        if link is None:
            assert url == was
            continue
        assert (link.key, link.campaign) == (email.idempotency_key, email.envelope.campaign)
        assert (link.version, link.key_id) == (email.envelope.version, "2026-11")
        assert link.target == was.strip() or (link.purpose == "unsubscribe" and not link.target)
    return followed_ones


def texts_agree(email: Email, signed: Email, signing: Signer) -> None:
    """A text is what it was once its links are what they were."""
    addresses = {
        followed(url, signing): was
        for was, url in zip(
            [*links_of(email.html), email.envelope.unsubscribe_url],
            [*links_of(signed.html), signed.envelope.unsubscribe_url],
            strict=True,
        )
    }
    restored = re.sub(
        r"https://go\.example\.com/[\w/?=&-]+",
        lambda found: addresses[followed(found[0], signing)].strip().replace(" ", "%20"),
        signed.text,
    )
    assert without_utm(restored) == without_utm(email.text)


def without_utm(text: str) -> str:
    """A way out may have what `[utm]` puts on it in one part and not in the other; both are one link."""
    return re.sub(r"[?&]utm_\w+=[^&#\s>]*", "", text)


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_mails_of_campaigns_change_in_their_links_alone(campaign: str) -> None:
    for email in mails(campaign):
        assert check(email, SIGNER) > 0


@pytest.mark.parametrize("name", Catalog().names())
def test_stock_blocks_change_in_their_links_alone(name: str) -> None:
    found, _ = Catalog().block(name)
    for layout in ("newsletter", "transactional", "letter"):
        frame, _ = Catalog().layout(layout)
        assert found is not None
        assert frame is not None
        check(mail(BlockPreview(frame, {frame.slots[0]: found}).render().html), SIGNER)


PARTS = (
    "https://a.example/ ?b=1 &c=2 #d é ' \" < > &copy= &lt; %20 / javascript: mailto: { @x.example utm_id=1"
)
TARGETS = st.lists(st.sampled_from([*PARTS.split(), "https://go.example.com/c/", " ", "\t"]), max_size=6).map(
    "".join
)


@given(st.lists(TARGETS, min_size=1, max_size=5))
def test_any_links_give_back_where_they_led(targets: list[str]) -> None:
    page = "".join(f'<p><a href="{entities.escape(each)}">x</a></p>' for each in targets)
    email = mail(page, "\n".join(f"<{each}>" for each in targets))
    if any(re.search(r"[?#].*\w@x\.example", each) for each in targets):
        with suppress(LinkError):  # who stands in a link to a page
            rewrite(email, SIGNER)
        return
    signed = rewrite(email, SIGNER)
    assert shape(signed.html) == shape(page)
    for was, url in zip(targets, links_of(signed.html), strict=True):
        link = followed(url, SIGNER)
        assert url == was if link is None else link.target == was.strip().replace("\t", "")
        assert link is None or was.strip().startswith(("https://a.example/", "https://go.example.com/c/"))


@given(st.text(max_size=60))
def test_any_html_is_rewritten_and_stays_what_it_was(text: str) -> None:
    page = f'{text}<a href="https://a.example/">x</a>'
    signed = rewrite(mail(page, text), SIGNER)

    def led(found: re.Match[str]) -> str:
        link = followed(found[0], SIGNER)
        assert link is not None
        return link.target

    assert re.sub(r"https://go\.example\.com/c/[\w-]+", led, signed.html) == page


def test_opens_are_counted_once_in_each_part() -> None:
    signing = signer()
    email = mail("<html><body><p>x</p></body></html>", amp="<html amp4email><body><p>x</p></body></html>")
    signed = rewrite(email, signing)
    pixel = re.search(r'<img src="([^"]+)" width="1" height="1" alt=""></body>', signed.html)
    amp_pixel = re.search(
        r'<amp-img src="([^"]+)" width="1" height="1" alt=""></amp-img></body>', signed.amp or ""
    )
    assert pixel is not None
    assert amp_pixel is not None
    assert signed.html.replace(pixel[0], "</body>") == email.html
    link = followed(pixel[1], signing)
    assert link is not None
    assert (link.purpose, link.key, link.target) == ("open", email.idempotency_key, "")
    assert amp_pixel[1] == pixel[1]
    assert rewrite(signed, signing) == signed
    assert rewrite(mail("<p>no body</p>"), signing).html.startswith("<p>no body</p><img src=")


def test_the_amp_part_stays_valid() -> None:
    checked = 0
    for email in [one for name in CAMPAIGNS for one in mails(name)]:
        signed = rewrite(email, signer())
        if signed.amp is not None:
            checked += 1
            assert validate_by_rules(signed.amp).errors == validate_by_rules(email.amp or "").errors == ()
    assert checked > 0


def test_the_header_of_unsubscribing_is_signed_and_still_one_click() -> None:
    signed = rewrite(mail("<p>x</p>"), SIGNER)
    headers = dict(signed.headers)
    assert became(headers["List-Unsubscribe"].strip("<>"), SIGNER) == ["unsubscribe"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"][1:-1] == signed.envelope.unsubscribe_url
    assert signed.envelope.unsubscribe_url.encode() in signed.as_bytes()


def test_a_way_out_with_parameters_of_a_campaign_is_one() -> None:
    way_out = "https://shop.example/stop?utm_source=mail&who=1"
    page = f'<a href="{entities.escape(way_out)}">x</a>'
    email = replace(mail(page), envelope=mail(page).envelope._replace(unsubscribe_url=way_out))
    for signing in (SIGNER, signer(unsubscribe=None, open=None)):
        signed = rewrite(email, signing)
        expected = ["unsubscribe"] if "unsubscribe" in signing.places else ["kept"]
        assert became(links_of(signed.html)[0], signing) == expected
        assert became(signed.envelope.unsubscribe_url, signing) == expected


@pytest.mark.parametrize("way_out", ["", "mailto:stop@shop.example"])
def test_a_way_out_that_is_no_page_stays(way_out: str) -> None:
    email = mail("<p>x</p>")
    email = replace(email, envelope=email.envelope._replace(unsubscribe_url=way_out))
    assert rewrite(email, SIGNER) == email


def test_a_marked_way_out_stays_in_the_header_too() -> None:
    email = mail(f'<a data-no-track href="{WAY_OUT}">x</a>')
    assert rewrite(email, SIGNER) == email


@pytest.mark.parametrize("purpose", PLACES)
def test_what_has_no_address_stays_as_it_is(purpose: str) -> None:
    page = f'<a href="https://a.example/">1</a><a href="{WAY_OUT}">2</a><a href="https://b.example/v/">3</a>'
    place = PLACES[purpose].replace("go.example.com", "b.example")
    places: dict[str, Any] = {**dict.fromkeys(PLACES), purpose: place}
    made = rewrite(mail(page), signer(**places))
    changed = [was != url for was, url in zip(links_of(page), links_of(made.html), strict=True)]
    expected = {"click": [0, 2], "unsubscribe": [1], "view": [2], "open": []}[purpose]
    assert [number for number, each in enumerate(changed) if each] == expected
    assert ("<img" in made.html) == (purpose == "open")


def test_links_end_when_the_settings_say_so() -> None:
    signing = signer(expires="90 days", open=None)
    signed = rewrite(mail(f'<a href="https://a.example/">1</a><a href="{WAY_OUT}">2</a>'), signing)
    click, way_out = links_of(signed.html)
    until = NOW.replace(microsecond=0) + timedelta(days=90)
    link = followed(click, signing)
    assert link is not None
    assert link.expires == until
    assert followed(click, signing, until) is None
    assert became(way_out, signing) == ["unsubscribe"]
    assert followed(way_out, signing, until + timedelta(days=9000)) is not None


def test_nothing_about_a_person_stands_in_a_link() -> None:
    """A token can be read by everybody: it is base64."""
    signed = rewrite(mail(f'<a href="https://a.example/">1</a><a href="{WAY_OUT}">2</a>'), signer())
    for token in re.findall(r"[\w-]{60,}", signed.html):
        said = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        assert b"ann" not in said
        assert b"who" not in said


def test_a_signer_says_its_places_and_no_secret() -> None:
    assert repr(signer()) == "<Signer click, open, unsubscribe, view with 2026-11>"
    with pytest.raises(LinkError, match="MW731"):
        signer(key="2026-12")


def test_a_place_at_the_root_of_a_site_takes_no_other_link_for_its_own() -> None:
    """Its address begins as every page and picture of the site does."""
    signing = signer(click="https://shop.example/{token}", open="https://shop.example/{token}.gif")
    page = '<img src="https://shop.example/logo.gif"><a href="https://shop.example/sale">x</a>'
    signed = rewrite(mail(page), signing)
    assert became(links_of(signed.html)[0], signing) == ["click", "https://shop.example/sale"]
    assert signed.html.count("<img") == 2
    assert rewrite(signed, signing) == signed


def test_the_picture_of_opens_is_not_put_where_outlook_alone_reads() -> None:
    page = "<body><p>x</p></body><!--[if mso]></body><![endif]-->"
    signed = rewrite(mail(page), signer())
    assert re.sub("<img[^>]*>", "", signed.html) == page
    assert signed.html.index("<img") < signed.html.index("</body>")


def test_a_hostile_text_takes_no_time() -> None:
    """It would take an hour if it grew with the square of the length."""
    text = f"https://{')' * 300_000} " + "https://a.example/" * 20_000
    page = '<a href="https://a.example/">x</a>'
    assert rewrite(mail(page, text), SIGNER).text == text


def test_an_address_of_a_recipients_own_is_not_signed() -> None:
    """A name that looks like an address would become a link of the sender's."""
    email = mail("<p>Hello https://evil.example/</p>", "Hello https://evil.example/")
    assert rewrite(email, SIGNER).text == email.text
