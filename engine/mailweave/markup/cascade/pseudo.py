"""The names of pseudo-classes, pseudo-elements and mail clients' hooks."""

from __future__ import annotations

import re

STRUCTURAL = frozenset(
    {"first-child", "last-child", "only-child", "first-of-type", "last-of-type", "only-of-type", "root"}
)
STRUCTURAL_NTH = frozenset({"nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type"})
FORGIVING = frozenset({"is", "where"})

# What changes while a mail is looked at, or is known to the client alone.
STATES = frozenset(
    {
        *(
            "hover",
            "active",
            "focus",
            "focus-within",
            "focus-visible",
            "visited",
            "link",
            "any-link",
            "target",
        ),
        *(
            "checked",
            "indeterminate",
            "default",
            "disabled",
            "enabled",
            "read-only",
            "read-write",
            "required",
        ),
        *("optional", "valid", "invalid", "in-range", "out-of-range", "placeholder-shown", "autofill"),
        *("user-valid", "user-invalid", "fullscreen", "modal", "popover-open", "open", "defined", "scope"),
        *(
            "playing",
            "paused",
            "picture-in-picture",
            "-webkit-autofill",
            "-webkit-any-link",
            "target-current",
        ),
    }
)
STATES_WITH_ARGUMENTS = frozenset({"lang", "dir", "state"})

LEGACY_ELEMENTS = frozenset({"before", "after", "first-line", "first-letter"})
PSEUDO_ELEMENTS = LEGACY_ELEMENTS | {
    *("marker", "placeholder", "selection", "backdrop", "file-selector-button", "cue", "grammar-error"),
    *("spelling-error", "target-text", "details-content", "highlight", "part", "slotted"),
}

# Classes (`.`), ids (`#`) and attributes (`[`) that a mail client adds: no template holds them.
HOOKS = re.compile(
    r"#outlook|#MessageViewBody|#MessageWebViewDiv|#u_body"
    r"|\.ExternalClass|\.ReadMsgBody|\.yshortcuts|\.aBn|\.a6S|\.im|\.gmailfix|\.moz-text-html|\.rps_\w+|\.mail-detail[\w-]*"
    r"|\.Mso\w+|\.gmail_\w+|\.yahoo\w*|\.yiv\w+|\.WordSection\d*|\.moz-\w+|\.apple\w*|\.Singleton|\.OWA\w*|\.PlainText"
    r"|\[x-apple-data-detectors\w*|\[data-og\w+|\[owa|\[data-outlook\w*|\[data-markjs|\[style.?=margin: ?16px 0;?",
    re.I,
)
# Those of them that a client gives to what it puts around a mail, or makes of its body: to no element inside.
AROUND = re.compile(
    r"#outlook|#MessageViewBody|#MessageWebViewDiv|\.ExternalClass|\.ReadMsgBody|\.moz-text-html|\.rps_\w+"
    r"|\[style.?=margin: ?16px 0;?",  # Android's mail app
    re.I,
)
