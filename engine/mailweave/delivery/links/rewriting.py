"""The one place where the links of a finished mail are signed: the same decision in each part."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from mailweave.delivery.emails import check_email
from mailweave.delivery.links.places import Page, Place
from mailweave.delivery.links.refusals import LinkError
from mailweave.delivery.links.signer import Signer
from mailweave.delivery.links.targets import (
    LONGEST,
    in_text,
    is_followed,
    is_page,
    names_person,
    target_of,
    without_campaign,
)
from mailweave.delivery.links.tokens import Purpose
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.message.email import Email

_IN_TEXT: Final = re.compile(r"(?<![A-Za-z0-9])https?://[^\s<>]+", re.IGNORECASE)
_BEHIND: Final = ".,;:!?)]'\""  # signs of a sentence behind an address
_PIXELS: Final = {
    "HTML": ('<img src="', '" width="1" height="1" alt="">'),
    "AMP": ('<amp-img src="', '" width="1" height="1" alt=""></amp-img>'),
}


def rewrite(email: Email, signer: Signer) -> Email:
    """The mail with its links signed, everything else byte for byte as it was.

    Links of HTML (those in Outlook's comments too) and AMP that lead to pages of the web go to `click`, the link to
    the mail's own `unsubscribe_url` and its header to `unsubscribe`, links to `view` get their token; HTML and AMP get
    a picture of one pixel from `open`. What has no address in `[links]` stays as it is. In the plain text, what the
    HTML or AMP links to is signed, and nothing else. Left alone: other schemes, anchors, relative links, ways out of
    the mailing, what a later program fills in (`{{`), and each address that a link marked `data-no-track` leads to.

    The same mail and signer give the same bytes; a mail that is rewritten already is not changed. `cut` is None, for
    what it says is no longer what is sent. Raises LinkError, with a finding for each link that holds the address of a
    person (MW733) or is too long (MW734), and ArgumentError for what is no Email.
    """
    check_email(email)
    page, amp = Page.of("HTML", email.html), None if email.amp is None else Page.of("AMP", email.amp)
    urls = _Urls(email, signer).of([*page.places, *(amp.places if amp else ())])
    envelope = email.envelope
    way_out = urls.get(target_of(envelope.unsubscribe_url), envelope.unsubscribe_url)
    return replace(
        email,
        html=_signed(page, urls, _pixel(page, email, signer)),
        amp=None if amp is None else _signed(amp, urls, _pixel(amp, email, signer)),
        text=_signed_text(email.text, urls),
        envelope=envelope._replace(unsubscribe_url=way_out),
        cut=None,
    )


class _Urls:
    """What becomes of the addresses of one mail."""

    def __init__(self, email: Email, signer: Signer) -> None:
        self._email, self._signer = email, signer
        self._way_out = target_of(email.envelope.unsubscribe_url)
        self._view = "".join(signer.places.get("view", ()))

    def of(self, places: Sequence[Place]) -> Mapping[str, str]:
        """The signed address for each that gets one. Raises LinkError."""
        kept = {place.target for place in places if place.is_kept}
        first = {place.target: place for place in reversed(places)}
        asked = [target for target in (self._way_out, *reversed(first)) if target not in kept]
        purposes = {target: purpose for target in asked if (purpose := self._purpose(target))}
        clicked = [first[target] for target, purpose in purposes.items() if purpose == "click"]
        wrong = [finding for place in clicked for finding in self._wrong(place)]
        if wrong:
            raise LinkError(wrong)
        return {target: self._address(purpose, target) for target, purpose in purposes.items()}

    def _purpose(self, target: str) -> Purpose | None:
        """What a link to an address is signed for; None for one that stays as it is."""
        bare = without_campaign(target)
        is_way_out = self._way_out in (target, bare)
        purpose: Purpose = "unsubscribe" if is_way_out else "view" if bare == self._view else "click"
        if purpose not in self._signer.places or self._signer.owns(target):
            return None
        allowed = is_followed(target) if purpose == "click" else is_page(target)
        return purpose if allowed else None

    def _address(self, purpose: Purpose, target: str) -> str:
        return self._signer.address(purpose, self._email, target if purpose == "click" else "")

    def _wrong(self, place: Place) -> Iterator[Diagnostic]:
        campaign, size = self._email.envelope.campaign, len(place.target.encode())
        if names_person(place.target, self._email.envelope.to):
            yield diagnose("MW733", place=campaign, part=place.part, number=place.number)
        if size > LONGEST:
            yield diagnose(
                "MW734", place=campaign, part=place.part, number=place.number, count=size, limit=LONGEST
            )


def _signed(page: Page, urls: Mapping[str, str], pixel: str) -> str:
    """A page with its links, and with the picture that tells who opens it."""
    out, at = [], 0
    for place in page.places:
        if place.target in urls:
            out += [page.text[at : place.start], html.escape(urls[place.target])]
            at = place.stop
    end = page.end if page.end >= at else len(page.text)
    return "".join([*out, page.text[at:end], pixel, page.text[end:]])


def _pixel(page: Page, email: Email, signer: Signer) -> str:
    """The picture; nothing where it is not asked for, or there already."""
    if "open" not in signer.places:
        return ""
    before, after = _PIXELS[page.part]
    first, last = (html.escape(each) for each in signer.places["open"])
    if re.search(rf"{re.escape(before + first)}[\w-]+{re.escape(last + after)}", page.text):
        return ""
    return f"{before}{html.escape(signer.address('open', email))}{after}"


def _signed_text(text: str, urls: Mapping[str, str]) -> str:
    """A plain text with the addresses that the pages link to; what else stands in it may be a recipient's own."""
    written = {in_text(target): url for target, url in urls.items()}
    longest = max(map(len, written), default=0)

    def signed(found: re.Match[str]) -> str:
        run = found[0]
        shortest = len(run.rstrip(_BEHIND))
        lengths = range(
            min(len(run), longest), shortest - 1, -1
        )  # all of it, or less by signs of a sentence behind it
        length = next((n for n in lengths if run[:n] in written), 0)
        return written[run[:length]] + run[length:] if length else run

    return _IN_TEXT.sub(signed, text)
