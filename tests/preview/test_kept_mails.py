"""What a frame is given: mails that are kept, in time that their length bounds."""

from __future__ import annotations

import pytest

from mailweave.preview import mails
from mailweave.preview.mails import Mails
from mailweave.preview.own_pictures import with_own_pictures
from mailweave.preview.placeholder_images import stand_in_pictures
from mailweave.preview.schemes import in_scheme


def test_as_many_mails_are_kept_as_a_covering_set_can_have() -> None:
    kept = Mails()
    names = [kept.keep(f"<p>{number}</p>") for number in range(1_000)]
    assert all(kept.html(name) for name in names)


def test_no_more_letters_are_kept_than_are_meant_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "_KEPT", 100)
    kept = Mails()
    names = [kept.keep(f"{number:060}") for number in (1, 1, 2)]
    assert [kept.html(name) is None for name in names] == [True, True, False]


OPEN = ["<style>", "<style", "<a ", "<img ", '<img src="https://', "<meta content=", "</style"]


@pytest.mark.parametrize("tag", OPEN)
def test_what_nothing_closes_is_read_once(tag: str) -> None:
    """Of 40,000 each one used to be looked for the end of, for minutes; now it takes a moment."""
    html = tag * 40_000
    assert in_scheme(html, "dark") == html
    stand_in_pictures(html)
    with_own_pictures(html, {"a.png": "../picture/a.png"})


def test_the_scheme_is_answered_in_every_style_and_tag() -> None:
    asked = "@media (prefers-color-scheme: dark){p{color:#fff}}"
    html = f"<style>{asked}</style><p>(prefers-color-scheme: dark)</p><style>{asked}"
    answered = "@media (min-width:0){p{color:#fff}}"
    assert (
        in_scheme(html, "dark")
        == f"<style>{answered}</style><p>(prefers-color-scheme: dark)</p><style>{answered}"
    )
