"""How other products write triggers, quiet hours and caps, and how it is written here; see `syntax_habits`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mailweave.rules.syntax_stuck import Mistake

_NAME = r"[A-Za-z_]\w*"
_BEHIND = r"\b(?:trigger|then)\b[^\n]*"
_QUIET = "write `quiet hours 21:00 to 8:00`, and `in tz` behind it where an attribute says whose clocks count"
_CAP = "write `at most 2 mails in 7 days`"

TRIGGER_STATEMENTS: Mapping[str, str] = {
    **dict.fromkeys(
        ("automation", "automate", "workflow", "flow", "journey", "drip", "send", "on", "schedule", "after"),
        "a mail that starts by itself is declared with `trigger name on event`",
    ),
    **dict.fromkeys(("max", "cap", "limit"), "mails are capped with `at most 2 mails in 7 days`"),
    **dict.fromkeys(("silence", "night", "dnd"), "nights are kept free with `quiet hours 21:00 to 8:00`"),
}


def _clock(_: re.Match[str], here: re.Match[str]) -> str:
    hour = int(here["hour"]) % 12 + 12 if here["half"] == "pm" else int(here["hour"])
    return f"{hour}:{here['minute'] or '00'}"


TRIGGER_HABITS: tuple[Mistake, ...] = (
    # ---- causes
    Mistake("MW142", r"(?:when|if)\b|:\s*on\b", rf"\btrigger\s+{_NAME}\s*", needs=("ON",),
            put=lambda b, h: " on" if h[0][0] == ":" else "on"),
    Mistake("MW142", rf"(?P<event>{_NAME})", r"\btrigger\s+on\s+", needs=("ON",),
            advice=lambda b, h: f"a trigger has a name: `trigger {h['event']}_mail on {h['event']}`"),
    Mistake("MW142", rf"(?P<name>{_NAME})", r"\bon\s+(?:enters?|joins?|joining)\s+", covers_before=True,
            needs=("WAIT",), put=lambda b, h: f"on entering {h['name']}"),
    Mistake("MW142", rf"(?P<name>{_NAME})", r"\b(?P<word>on\s+event|entering\s+segment)\s+", covers_before=True,
            needs=("WAIT",), put=lambda b, h: f"{b['word'].split()[0]} {h['name']}"),
    Mistake("MW142", r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))?\s*(?P<half>am|pm)?(?![\w:])",
            r"\bat\s+", needs=("CLOCK",), put=_clock),
    Mistake("MW142", r'"[^"\n]*"', r"\bin\s+", needs=("NAME",),
            advice="name the attribute that says whose clocks count: `in tz`; without it they are those of `timezone`"),
    # ---- waiting
    Mistake("MW142", r"(?:after|in|delay)\b(?=\s+[0-9])", _BEHIND, needs=("WAIT",), put=lambda b, h: "wait"),
    Mistake("MW142", r"for\s+(?=[0-9])", r"\bwait\s+", covers_before=True, put=lambda b, h: "wait "),
    Mistake("MW142", r"(?=[0-9])", r"\bthen\s+wait\s+", covers_before=True, put=lambda b, h: "then after "),
    Mistake("MW142", r"(?:mins?|m|hrs?|h|d)\b", r"\b(?:wait|after)\s+[0-9]+\s*", needs=("UNIT",),
            put=lambda b, h: {"m": "minutes", "h": "hours", "d": "days"}[h[0][0]]),
    # ---- what keeps a mail back
    Mistake("MW142", r"if\s+(?:not|no)\b", _BEHIND, needs=("UNLESS",), put=lambda b, h: "unless"),
    Mistake("MW142", r",", r"\bunless\s+\w+(?:\s+or\s+\w+)*", needs=("OR",), put=lambda b, h: " or"),
    Mistake("MW142", rf"(?P<event>{_NAME})", r"\bunless\s+(?:no|not)\s+", needs=("OR",),
            advice=lambda b, h: f"`unless` names what keeps the mail back: `unless {h['event']}`"),
    # ---- nights and caps
    Mistake("MW142", r"(?:until|till)\b|[-–]", r"\bquiet\s+hours\s+[0-9:]+\s*", needs=("TO",),
            put=lambda b, h: "to" if b[0][-1] in " \t" and h[0][0] in "ut" else " to "),
    Mistake("MW142", r"[^\n]+", r"\bquiet\s+hours\b[^\n]*", needs=("CLOCK", "TO"), advice=_QUIET),
    Mistake("MW142", r"(?:per|every|within)\b", r"\bat\s+most\s+[0-9]+\s+mails?\s+", needs=("IN",),
            put=lambda b, h: "in"),
    Mistake("MW142", r"(?:e-?mails?|messages?)\b", r"\bat\s+most\s+[0-9]+\s+", needs=("MAILS",),
            put=lambda b, h: "mails"),
    Mistake("MW142", r"[^\n]+", r"\bat\s+most\b[^\n]*", needs=("INT", "MAILS", "IN"), advice=_CAP),
)  # fmt: skip
