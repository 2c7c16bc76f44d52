"""# Lint: what no recipient may ever get

A judge of one rendered mail sees one recipient's. `mailweave check` holds the templates with all their branches, so it
says what anybody can get: the rules below are asked of the layout with every block that somebody can be shown, in every
branch, of every subject, of the rules and the settings. Where a fault is some recipients' only, one of them is made up
and printed below the finding; `mailweave render` and `mailweave preview` take that recipient.

What Liquid writes, and what cannot be known, is left out: what a rule says is so, and there may be more.

## Choosing

    [lint]
    ignore   = ["image-without-width", "MW981"]      # by name or code
    severity = { machines-counted = "error" }        # or "warning", "note"
    # select = ["MW951", "MW957"]                    # these alone

In campaign.toml for one campaign, in `mailweave.toml` above for all below it: then both lists are ignored, and the
campaign's own `select` and severities count.

## Allowing what is meant

Beside its place, on the same line or the one before, with the codes and the reason. Errors cannot be
allowed, nor findings that `[lint]` raises to errors (MW942); a reason is asked for (MW940), and what nothing needs any
more is told (MW941), but in libraries.

    {% # allow MW972 the logo is as wide as its file %}      in templates
    # allow MW985 a press release, machines count            in rules and campaign.toml
    /* allow MW987 a class of the shop's own page */         in style sheets

## Mending and comparing

    mailweave check --fix my-campaign             what does not change what a mail says
    mailweave check --unsafe-fixes my-campaign    also where links lead, and lines
    mailweave check --fix --diff my-campaign      shows, writes nothing
    mailweave check --statistics my-campaign      how often each is found
    mailweave check --format junit my-campaign    for build servers; also github, sarif, json
    mailweave check --watch my-campaign           again at each save
    mailweave check --baseline known.json --update-baseline my-campaign
    mailweave check --baseline known.json my-campaign            tells only what is new
"""

from typing import TYPE_CHECKING

from mailweave.lazy_exports import lazily

if TYPE_CHECKING:
    from mailweave.lint.run import RULES, check, findings, listed

__all__ = ["RULES", "check", "findings", "listed"]

if not TYPE_CHECKING:  # the rules load parsers of HTML: who only shows a mail waits for none
    __getattr__ = lazily(__name__, dict.fromkeys(__all__, "run"))
