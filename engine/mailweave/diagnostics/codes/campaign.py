"""MW0xx: campaign folders and files."""

from mailweave.diagnostics.model import Code, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

CODES: tuple[Code, ...] = (
    Code("MW001", "missing-file", _E, "{what} is missing", "{todo}"),
    Code("MW002", "broken-json", _E, "this is not JSON: {what}"),
    Code("MW006", "unreadable-file", _E, "{what} cannot be read: {why_not}", "save it as UTF-8 text"),
    Code(
        "MW007",
        "forbidden-character",
        _E,
        "{what} holds a character that no mail can carry: {which}",
        "remove it",
        why="NUL and lone surrogates make HTML parsers drop what follows: a footer, an unsubscribe link.",
    ),
    Code(
        "MW008", "outside-folder", _E, "`{path}` lies outside the campaign folder", "copy it into the folder"
    ),
    Code(
        "MW010",
        "slot-without-place",
        _E,
        "the rules have a slot `{slot}`, but the layout has no place for it",
        'put {{% slot "{slot}" %}} into the layout',
    ),
    Code(
        "MW011",
        "place-without-slot",
        _E,
        "the layout has a place for `{slot}`, but no rule declares that slot",
        "declare `slot {slot} max 1 fallback ...` in a .rules file, or take the place out",
    ),
    Code("MW012", "no-subject", _E, "no rule declares the text slot `subject`", "every mail needs a subject"),
    Code(
        "MW013",
        "block-without-content",
        _E,
        "block `{block}` has no content",
        "make a folder blocks/{block}/ with block.html, or [blocks.{block}] with `use` in campaign.toml",
    ),
    Code("MW014", "no-rules", _E, "the campaign has no rules", "write a file that ends in .rules"),
    Code(
        "MW015",
        "no-unsubscribe",
        _W,
        "no footer shows the unsubscribe link for slot choices such as {example}",
        "put {{{{ campaign.unsubscribe_url }}}} into the layout, or into a block that everybody gets",
        why="Whoever gets the mail must be able to stop it; mailbox providers and the law ask for it.",
    ),
    Code("MW016", "unused-block", _N, "[blocks.{block}] is set, but no rule names that block"),
    Code(
        "MW019",
        "consent-not-required",
        _E,
        "block `{block}` shows `{used}`, which needs the consent `{consent}`, but the rules do not require it",
        "write `requires consent.{consent}` behind `block {block}`",
        why="What a block knows of a reader by consent may be shown only to those who gave it.",
    ),
    Code("MW020", "bad-profile", _E, "the profile cannot be used: {what}"),
    Code("MW021", "unknown-recipient", _E, "no recipient has the key {key}"),
    Code(
        "MW022",
        "missing-extra",
        _E,
        "{what} needs the packages of an extra",
        "pip install 'mailweave[{extra}]'",
    ),
    Code("MW023", "render-failed", _E, "block `{block}` could not be rendered for this recipient: {what}"),
    Code("MW024", "wrong-argument", _E, "{what}"),
    Code(
        "MW025",
        "no-address",
        _E,
        "this e-mail has no recipient's address, so it cannot become a message",
        "set `to` in campaign.toml; it is {{{{ profile.email }}}} by default",
    ),
    Code(
        "MW026",
        "trusted-block",
        _N,
        "block `{block}` shows `{used}`, which is trusted: its templates may write HTML as it is with `safe`",
        why="What `safe` lets through is escaped by nobody; so a check names every block that may use it.",
    ),
)
