"""A page of the mails that a campaign sends, with what was clicked drawn on them; nobody's own mail is shown.

Its mails are those of the covering set: made-up recipients who together are shown every block that anybody can be shown.
The page loads nothing and runs nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Final

from mailweave.campaign import Campaign
from mailweave.campaign.compiler import compile_folder
from mailweave.campaign.drafts import Draft
from mailweave.campaign.saved_recipients import saved_recipient
from mailweave.campaign.source_marks import Written
from mailweave.decisions import Skip
from mailweave.diagnostics import CampaignError, MailweaveError
from mailweave.preview.click_overlay import Clicked, drawn
from mailweave.preview.own_pictures import picture_data, picture_names, with_own_pictures
from mailweave.preview.placeholder_images import stand_in_pictures
from mailweave.prove.cover import Shown, cover
from mailweave.rules.prover.default_values import NOW
from mailweave.rules.prover.prover import Prover
from mailweave.values.instants import to_instant

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def click_maps(folder: Path, clicks: Mapping[str, Clicked], title: str) -> str:
    """The page, for a campaign's folder and its blocks. Raises CampaignError for a folder that does not compile."""
    draft = Draft(with_amp=False, with_text=False)
    campaign, found = compile_folder(folder, draft=draft)
    if campaign is None:
        raise CampaignError(found)
    clicks = _seen(clicks, campaign)
    mails = "".join(_mails(campaign, folder, draft, clicks))
    return _PAGE.format(title=escape(title), policy=_POLICY, rows="".join(_rows(clicks)), mails=mails)


def _seen(clicks: Mapping[str, Clicked], campaign: Campaign) -> dict[str, Clicked]:
    """Without lines such as the subject, in which nobody can click."""
    lines = {slot.name for slot in campaign.decisions.slots if slot.is_text}
    plans = campaign.decisions.plan.blocks
    return {name: one for name, one in clicks.items() if name not in plans or plans[name].slot not in lines}


def _mails(campaign: Campaign, folder: Path, draft: Draft, clicks: Mapping[str, Clicked]) -> Iterator[str]:
    seen: set[str] = set()
    for shown in _covering(campaign):
        html = _html(campaign, shown)
        marked = {one.block for one in draft.marks.split(html) if isinstance(one, Written)}
        blocks = marked & clicks.keys()
        if not blocks <= seen:
            seen |= blocks
            told = escape(", ".join(sorted(blocks)))
            mail = escape(_alone(drawn(html, draft.marks, clicks), folder))
            frame = f'<iframe sandbox srcdoc="{mail}" title="{told}"></iframe>'
            yield f"<figure><figcaption>{told}</figcaption>{frame}</figure>"


def _covering(campaign: Campaign) -> tuple[Shown, ...]:
    at = campaign.pinned(None)
    decisions = campaign.decisions
    return cover(decisions, Prover(decisions.document, NOW if at is None else to_instant(at))).recipients


def _html(campaign: Campaign, shown: Shown) -> str:
    """The mail of somebody made up, with its marks; empty where there is none."""
    who = saved_recipient(campaign, shown.recipient.as_json(), "made up")
    try:
        made = campaign.decide(who.profile, events=who.events, now=who.moment(), context=who.context)
    except MailweaveError:  # a template that fails for them: `mailweave check` says so
        return ""
    return "" if isinstance(made, Skip) else made[1].html


def _alone(html: str, folder: Path) -> str:
    """The mail with pictures of the folder in it, and others drawn."""
    own = {
        name: data for name in picture_names(folder) if f"/{name}" in html and (data := _data(folder, name))
    }
    return stand_in_pictures(with_own_pictures(html, own))


def _data(folder: Path, name: str) -> str:
    found = picture_data(folder, name)
    return "" if found is None else f"data:{found[1]};base64,{base64.b64encode(found[0]).decode()}"


def _rows(clicks: Mapping[str, Clicked]) -> Iterator[str]:
    for name, one in sorted(clicks.items(), key=lambda each: (-each[1].share, each[0])):
        cells = (f"{one.shown:,}", f"{one.clicked:,}", f"{one.share:.1%}")
        yield f"<tr><th scope=row>{escape(name)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="content-security-policy" content="{policy}">
<title>{title}</title><style>
:root{{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}}
body{{max-width:90rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;font-size:.9rem}}td,th{{padding:.2rem .8rem;text-align:right}}th{{font-weight:400}}
th[scope=row]{{text-align:left}}tr+tr{{border-top:1px solid #8884}}
main{{display:flex;flex-wrap:wrap;gap:1.5rem}}figure{{margin:0;width:40rem;max-width:100%}}
iframe{{width:100%;height:60rem;box-sizing:border-box;border:1px solid #8888;background:#fff;resize:vertical}}
</style></head><body><h1>{title}</h1>
<p>Of those who were shown a block, how many clicked in it, once or more. Mails are those of made-up recipients who
together are shown every block; pictures from the web are drawn. Rules chose who was shown what, so that one block has more
clicks than another says nothing of what made them.</p>
<table><tr><th></th><th scope=col>shown to</th><th scope=col>clicked</th><th scope=col>share</th></tr>{rows}</table>
<h2>Mails</h2><main>{mails}</main></body></html>
"""
