"""MW73x: signed links."""

from mailweave.diagnostics.model import Code, error

CODES: tuple[Code, ...] = (
    error(
        "MW730", "unreadable-link-keys",
        "the keys of the links cannot be read: {what}",
        'write one key a line, `2026-11 = SECRET`; `python -c "import secrets; print(secrets.token_urlsafe(32))"` '
        "makes a secret",
        "With a key that is short or half read, anybody could sign links in the name of the sender.",
    ),
    error(
        "MW731", "no-such-link-key",
        "there is no key `{key}` to sign links with",
        "add it to the keys, or name another one in `[links]` of campaign.toml",
        "Links that are signed with another key than the one that was named are refused when they are followed.",
    ),
    error(
        "MW732", "links-not-set",
        "the campaign says nothing about its links",
        "add `[links]` to campaign.toml, with its `key` and the addresses of `click`, `open`, `unsubscribe` or `view`",
        "Links can only lead to addresses that the campaign names.",
    ),
    error(
        "MW733", "person-in-link",
        "link {number} of the {part} holds the address of a person",
        "take it out of the link, or mark the link `data-no-track`, so that it stays as it is",
        "A link that is followed stands in logs, histories and referrers: nothing about a person belongs there.",
    ),
    error(
        "MW734", "link-too-long",
        "link {number} of the {part} has {count} bytes, more than {limit}",
        "shorten it, or mark it `data-no-track`, so that it stays as it is",
        "Its address stands in the signed link, and servers refuse links beyond some thousands of characters.",
    ),
    error(
        "MW735", "malformed-link-token",
        "this is no token of a link",
        "answer with a page that says so; there is nothing to follow",
        "Mail programs and people cut links; what is left of one proves nothing.",
    ),
    error(
        "MW736", "unknown-link-key",
        "the token names a key that is not here",
        "keep old keys for as long as links that they signed may be followed",
        "A token can only be checked with the key that signed it.",
    ),
    error(
        "MW737", "forged-link-token",
        "the token was not signed with the key that it names",
        "answer with a page that says so, and follow nothing",
        "Somebody changed the token or made it up; to follow it would lend them the name of the sender.",
    ),
    error(
        "MW738", "link-token-of-other-purpose",
        "the token was signed for `{found}`, and is used for `{wanted}`",
        "take tokens only at the address that they were signed for",
        "Else whoever has a link to look at a mail could unsubscribe its reader.",
    ),
    error(
        "MW739", "expired-link-token",
        "the token was good until {until}",
        "answer with a page that says so; `expires` in `[links]` of campaign.toml says how long links are good",
        "A link that is good for ever is one that somebody finds years later.",
    ),
)  # fmt: skip
