"""Why a statement does not parse, in an author's words.

`MISTAKES` holds the habits of other languages and the slips that authors make, each told by the text
around the place where the parser stopped; what none of them explains gets a general finding with what could
stand there. Each entry has a golden example in `fixtures/errors/`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mailweave.diagnostics import Diagnostic, Fix, closest, diagnose
from mailweave.rules.scanner import STATEMENTS
from mailweave.rules.syntax_declarations import PROFILES, STATEMENT_HABITS
from mailweave.rules.syntax_habits import HABITS
from mailweave.rules.syntax_stuck import Mistake, SyntaxHint
from mailweave.source import Span

UNITS = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
_SHORT = {"s": "second", "m": "minute", "min": "minute", "h": "hour", "d": "day", "w": "week", "y": "year"}
_SHORT |= {"sec": "second", "mins": "minute", "hr": "hour", "hrs": "hour", "wk": "week", "mo": "month"}
_COMPARISON = r"(?:[=!<>]=|<|>)"

SYMBOLS: Mapping[str, str] = {
    "&&": "and", "&": "and", "||": "or", "!": "not", "===": "==", "!==": "!=", "<>": "!=", "=~": "matches",
    "≥": ">=", "≤": "<=", "≠": "!=", "[": "(", "]": ")", "×": "*", "÷": "/", "−": "-", "–": "-",
    "**": "*", "^": "*", "->": ".", ":=": "=",
}  # fmt: skip
WORDS: Mapping[str, str] = {
    "if": "when|requires", "unless": "when not|requires not", "where": "when|requires", "when": "requires",
    "like": "matches", "ilike": "matches", "regex": "matches", "equals": "==", "equal": "==", "eq": "==",
    "ne": "!=", "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "has": "contains",
    "include": "contains", "contain": "contains", "during": "in", "past": "last",
    "previous": "last", "coming": "next", "following": "next", "having": "where", "with": "where",
    "default": "else|fallback", "elif": "or", "also": "and", "but": "and", "isnull": "is unknown",
    "max": "cap", "limit": "cap|max", "every": "per", "in": "per|for", "on": "for", "to": "for",
    "until": "expires", "ends": "expires", "if_not": "when not", "highest": "priority", "best": "priority",
    "rank": "priority", "ranked": "priority", "all": "collect", "many": "collect", "list": "collect",
    "single": "unique", "one": "unique", "given": "profile", "person": "profile", "customer": "profile",
    "user": "profile", "contact": "profile", "date": "now", "today": "now", "at": "now", "then": "expect",
    "assert": "expect", "should": "expect", "control": "holdout", "arms": "split", "variants": "split",
    "variant": "split", "arm": "split", "audience": "only", "filter": "only", "seed": "salt",
}  # fmt: skip
PARTS: Mapping[str, str] = {
    "FALLBACK": "a slot ends with `fallback` and a block, or with `optional`, where it may stay empty",
    "ELSE": "say with `else` what holds when the value is absent or too old",
    "KEEP": "an event says with `keep` how long its history reaches: `keep 90 days` or `keep forever`",
    "TTL": "say with `ttl` how old the value may be: `ttl 7 days`",
    "TIE": "a matrix starts with how ties are broken: `tie order`",
    "VERSION": "a ruleset has a version: `version 1`",
    "POLICY": "a matrix has a policy: `policy priority`",
    "SALT": "the unit of an experiment has a salt: `unit id salt \"2026-11\"`",
    "WHEN": "a skip says `when`",
    "THEN": "the next tie key follows `then`",
    "IS": "write `is` between a name and its answer",
    "MAX": "a slot says how many blocks it holds: `slot hero max 1 fallback plain`",
    "FOR": "a block says which slot it is for: `block banner for hero`",
    "AFTER": "an end is counted from an instant: `expires 48 hours after last(click)`",
    "PER": "a cap says in which time: `cap 1 per 7 days`",
}  # fmt: skip


def _straight(_: re.Match[str], here: re.Match[str]) -> str:
    return '"' + here[0].strip("“”„‟‘’‚‛«»'").replace('"', '\\"') + '"'


def _unit(before: re.Match[str], here: re.Match[str]) -> str:
    count, unit = before[0], _SHORT[here[0]]
    return f"{count} {unit}" if count == "1" else f"{count} {unit}s"


def _name(_: re.Match[str], here: re.Match[str]) -> str:
    return here[0].lstrip(". ")


def _bare(before: re.Match[str], here: re.Match[str]) -> str:
    return f"write the bare name: `{_name(before, here)}`"


def _amount(_: re.Match[str], here: re.Match[str]) -> str:
    currency = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}[here[1]]
    return f"{here[2]} {currency}" if here[2] else ""


MISTAKES: tuple[Mistake, ...] = (
    Mistake("MW125", "[“”„‟«»‘’‚‛][^“”„‟«»‘’‚‛\"\n]*[“”„‟«»‘’‚‛]?", put=_straight),
    Mistake("MW126", r"'[^'\n]*'?", put=_straight),
    Mistake("MW122", r"=>|=<", needs=("COMPARISON",), put=lambda b, h: h[0][::-1]),
    Mistake("MW120", r"=(?!=)", needs=("COMPARISON",), put=lambda b, h: "=="),
    Mistake("MW122", r">", r"<", put=lambda b, h: "!=", covers_before=True),
    Mistake("MW122", r"=", r"[=!]=", put=lambda b, h: b[0], covers_before=True),
    Mistake("MW121", r"=", r"=", put=lambda b, h: "=", covers_before=True),
    Mistake("MW123", r"since\b", r"\b(?:second|minute|hour|day|week|month|year)s?\s*", covers_before=True),
    Mistake(
        "MW124",
        _COMPARISON + r"|between\b|[-+*/]",
        r"\b(?:count|sum|min|max|avg|distinct)\s*\([^()\n]*\)\s*in\s+(?:last|next)\s+\d+\s+(?:calendar\s+)?\w+\s*",
        covers_before=True,
    ),
    Mistake(
        "MW124",
        r"in\s+(?:last|next)\b",
        rf"\b(?:count|sum|min|max|avg|distinct)\s*\([^()\n]*\)\s*{_COMPARISON}\s*[\w.]+(?:\s+[A-Z]{{3}})?\s*",
        covers_before=True,
    ),
    Mistake(
        "MW127", rf"(?:{'|'.join(sorted(_SHORT, key=len, reverse=True))})\b", r"[0-9]+", put=_unit,
        covers_before=True,
    ),
    Mistake("MW128", _COMPARISON, rf"{_COMPARISON}[^\n]*", needs=("AND",)),
    Mistake("MW129", r"(?!k|u)[A-Za-z]\w*", r"\bis\s+", needs=("KNOWN",)),
    Mistake("MW142", r"\.[0-9]+", r"[0-9]+", needs=("UNIT",), covers_before=True,
            advice="a length of time is a whole number: `90 minutes`, `36 hours`"),
    Mistake("MW130", r"\.\s*\w*", rf"\b(?:{'|'.join(PROFILES)})", advice=_bare, put=_name, covers_before=True),
    Mistake("MW130", r"\.\s*\w*"),
    Mistake("MW131", r"([$€£¥])\s?([0-9][0-9_]*(?:\.[0-9]+)?)?", put=_amount),
    Mistake("MW132", r"%", r"[0-9]+(?:\.[0-9]+)?", covers_before=True),
    Mistake("MW133", r",[0-9]{3}\b", r"[0-9]", put=lambda b, h: "_" + h[0][1:]),
    Mistake("MW134", r"\)", r"\(\s*"),
    Mistake("MW135", r"[)}]", r",\s*"),
    Mistake("MW136", r"(?:last|next)\b", r"\bnot\s+in\s+"),
    Mistake("MW137", r"//|/\*|--"),
    Mistake("MW137", r"/|\*", r"/"),
    Mistake("MW138", r";"),
    Mistake("MW140", r",", needs=("FROM",)),
    Mistake("MW141", r"\w+|\}", r"\|[^|\n]*[^|\s][ \t]*\n\s*", needs=("VBAR",)),
)  # fmt: skip


def explain(stuck: SyntaxHint) -> Diagnostic:
    """The finding for the place where a statement stopped making sense."""
    for mistake in (*HABITS, *MISTAKES):
        finding = mistake.explains(stuck)
        if finding is not None:
            return finding
    return (
        _foreign(stuck)
        or _missing_part(stuck)
        or _no_statement(stuck)
        or _missing_unit(stuck)
        or _general(stuck)
    )


def _missing_part(stuck: SyntaxHint) -> Diagnostic | None:
    words = [part for part in stuck.accepts if part in PARTS]
    others = stuck.accepts - set(words) - {"_NL", "$END", "VBAR", "RBRACE", "TEXT", "OPTIONALLY"}
    if len(words) != 1 or others or _meant(stuck):
        return None
    word = words[0].lower()
    span = stuck.span() if not stuck.ended else Span(stuck.stop - 1, stuck.stop)
    return diagnose("MW111", stuck.source, span, word=word, advice=PARTS[words[0]])


def _foreign(stuck: SyntaxHint) -> Diagnostic | None:
    symbol = next((s for s in sorted(SYMBOLS, key=len, reverse=True) if stuck.after.startswith(s)), None)
    if symbol is not None and not stuck.ended:
        span = stuck.span(length=len(symbol))
        fix = Fix(span, SYMBOLS[symbol])
        return diagnose("MW122", stuck.source, span, fix=fix, found=symbol, instead=SYMBOLS[symbol])
    return _foreign_word(stuck)


def _foreign_word(stuck: SyntaxHint) -> Diagnostic | None:
    word = stuck.found.lower()
    known = [*WORDS.get(word, "").split("|"), *((word,) if word != stuck.found else ())]
    instead = next((each for each in known if each and _acceptable(each.split()[0], stuck)), None)
    if instead is None:
        return None
    fix = Fix(stuck.span(), instead)
    return diagnose("MW122", stuck.source, stuck.span(), fix=fix, found=stuck.found, instead=instead)


def _acceptable(word: str, stuck: SyntaxHint) -> bool:
    if re.fullmatch(_COMPARISON, word):
        return "COMPARISON" in stuck.accepts
    return any(stuck.keywords.get(terminal) == word for terminal in stuck.accepts)


def _no_statement(stuck: SyntaxHint) -> Diagnostic | None:
    """A line outside all brackets that no statement word begins."""
    line = stuck.before.rpartition("\n")[2]
    outside = "SEGMENT" in stuck.accepts or not stuck.accepts - {"$END", "_NL"}
    if line.strip() or stuck.ended or not outside or not re.match(r"\w", stuck.found):
        return None
    word = stuck.found.lower()
    help = STATEMENT_HABITS.get(word, "").format(word=word) or _did_you_mean(stuck.found, STATEMENTS)
    return diagnose("MW109", stuck.source, stuck.span(), help=help, found=stuck.found)


def _missing_unit(stuck: SyntaxHint) -> Diagnostic | None:
    if "UNIT" not in stuck.accepts or not re.search(r"[0-9]\s*\Z", stuck.before if not stuck.ended else "0"):
        return None
    if {"COMPARISON", "AND"} & stuck.accepts:
        return None
    number = stuck.at - len(stuck.before) + len(stuck.before.rstrip())
    next_line = not stuck.ended and "\n" in stuck.code[number : stuck.at]
    span = Span(stuck.stop - 1, stuck.stop) if stuck.ended else stuck.span()
    span = Span(number - 1, number) if next_line else span
    help = _did_you_mean(stuck.found, UNITS) if not (stuck.ended or next_line) else ""
    return diagnose("MW139", stuck.source, span, help=help)


def _general(stuck: SyntaxHint) -> Diagnostic:
    wanted = spoken(stuck.accepts, stuck.keywords)
    if stuck.ended:
        return diagnose("MW112", stuck.source, Span(stuck.stop - 1, stuck.stop), wanted=wanted)
    known = _meant(stuck)
    help = f"did you mean `{known}`?" if known else ""
    return diagnose("MW110", stuck.source, stuck.span(), help=help, found=_cut(stuck.found), wanted=wanted)


def _meant(stuck: SyntaxHint) -> str | None:
    """The word that could stand here and that the author most likely meant."""
    if stuck.ended or not re.fullmatch(r"[A-Za-z_]+", stuck.found):
        return None
    known = [stuck.keywords[terminal] for terminal in stuck.accepts if terminal in stuck.keywords]
    return closest(stuck.found, [word for word in known if word.isalpha() and word != stuck.found])


def _did_you_mean(word: str, known: tuple[str, ...] | list[str]) -> str:
    name = closest(word, known)
    return f"did you mean `{name}`?" if name else ""


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


_SPOKEN: Mapping[str, str] = {
    "NAME": "a name", "STRING": 'a "text"', "INT": "a whole number", "DECIMAL": "a number",
    "UNIT": "a unit of time", "CURRENCY": "a currency", "DATE": "a date", "INSTANT": "an instant",
    "PERCENT": "a percentage", "CLOCK": "a time of the day", "MAILS": "`mails`",
    "COMPARISON": "a comparison", "_NL": "a new line", "$END": "the end",
}  # fmt: skip
_VALUE = {"NAME", "STRING", "INT"}
_OPERATORS = {
    "AND",
    "OR",
    "COMPARISON",
    "BETWEEN",
    "IN",
    "CONTAINS",
    "MATCHES",
    "IS",
    "PLUS",
    "MINUS",
    "TIMES",
}
_STARTS = {
    "NAME", "STRING", "INT", "DECIMAL", "DATE", "INSTANT", "TRUE", "FALSE", "MINUS", "LPAR", "NOT", "NO",
    "NEVER", "TIME", "ANNIVERSARY", "CONSENT", "SCORE", "COUNT", "SUM", "MIN", "MAX", "AVG", "FIRST", "LAST",
    "DISTINCT",
}  # fmt: skip


def spoken(accepts: frozenset[str], keywords: Mapping[str, str]) -> str:
    """What could stand at a place, for a reader: `a value, a name or "then"`."""
    rest, parts = set(accepts) - {"_CONT", "_RUN", "COMMENT"}, list[str]()
    if rest >= _VALUE:
        parts.append("a value")
        rest -= _STARTS
    if {"AND", "COMPARISON"} <= rest:
        parts.append("an operator such as `and` or `==`")
        rest -= _OPERATORS | {"NOT"}
    elif "AND" in rest:
        parts.append("`and`, `or`")
        rest -= {"AND", "OR"}
    named = sorted(_SPOKEN[terminal] for terminal in rest if terminal in _SPOKEN)
    words = sorted(f"`{keywords[terminal]}`" for terminal in rest if terminal in keywords)
    parts += named + words
    shown = parts if len(parts) <= 7 else [*parts[:6], "…"]
    return " or ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) if shown else "nothing more"
