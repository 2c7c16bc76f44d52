"""What an author most likely means by a name that nobody declares: words of other products, and near names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mailweave.diagnostics import did_you_mean

_NOW = "rules do not name the moment: ask `x in last 7 days`, or `time since x > 30 days`"
_TODAY = "rules do not name the day: ask `x in last 1 calendar day`, `x in next 7 calendar days`"
_CONSENT = "ask a consent by its purpose: `consent.marketing`"
_TEXT = "texts are compared as they are: list the spellings with `in (..)`, or ask `matches`"
_SINCE = "write `time since x > 30 days`; of an event `time since last(purchase) > 30 days`"
_SIZE = "a list of records is counted with `count(cart where ..)`; a set is asked with `contains`"
_DATE = "no part of a date can be taken: ask with a window, or declare an attribute that holds it"
_CHOICE = "a condition is joined with `and`, `or`, `not`; who gets what is said by rows of a matrix"
_ELSE = "what a missing value counts as stands at the attribute: `orders : int = 0`"

_VALUES: Mapping[str, str] = {
    **dict.fromkeys(
        ("null", "none", "nil", "undefined", "missing"),
        "a missing value is asked for with `is unknown`, `is known`",
    ),
    **dict.fromkeys(
        ("empty", "blank"), 'a missing value is asked for with `is unknown`; an empty text is `== ""`'
    ),
    "true": "write `true`",
    "false": "write `false`",
    "yes": "write `true`",
    **dict.fromkeys(("now", "now_utc", "current_timestamp", "sysdate", "getdate"), _NOW),
    **dict.fromkeys(("today", "yesterday", "tomorrow", "current_date"), _TODAY),
    **dict.fromkeys(
        ("subscribed", "unsubscribed", "opt_in", "opt_out", "optin", "opted_in", "opted_out", "consented"),
        _CONSENT,
    ),
    **dict.fromkeys(
        ("everyone", "everybody", "all_users", "anyone"), "everybody is in `segment everybody = true`"
    ),
}
_FUNCTIONS: Mapping[str, str] = {
    **dict.fromkeys(
        ("now", "utcnow", "current_timestamp", "getdate", "sysdate", "dateadd", "date_add"), _NOW
    ),
    **dict.fromkeys(("today", "current_date"), _TODAY),
    **dict.fromkeys(
        (
            "datediff",
            "date_diff",
            "dayssince",
            "days_since",
            "daysago",
            "days_ago",
            "timesince",
            "time_since",
        ),
        _SINCE,
    ),
    **dict.fromkeys(("age", "year", "month", "day", "weekday", "dayofweek", "hour", "datepart"), _DATE),
    **dict.fromkeys(("lower", "upper", "lowercase", "uppercase", "trim", "tolower", "toupper"), _TEXT),
    **dict.fromkeys(
        ("startswith", "starts_with", "beginswith"), 'write `x matches "A*"`, `*` being any characters'
    ),
    **dict.fromkeys(("endswith", "ends_with"), 'write `x matches "*a"`, `*` being any characters'),
    **dict.fromkeys(("like", "regex", "regexp", "match", "regexp_like"), 'write `x matches "a*"`'),
    **dict.fromkeys(("includes", "has", "instr", "indexof", "array_contains"), "write `x contains y`"),
    **dict.fromkeys(("length", "len", "size", "cardinality", "array_length"), _SIZE),
    **dict.fromkeys(("average", "mean"), "write `avg(..)`"),
    **dict.fromkeys(("total", "add"), "write `sum(..)`"),
    **dict.fromkeys(("maximum", "latest", "newest", "most_recent"), "write `max(..)`; of events `last(..)`"),
    **dict.fromkeys(("minimum", "oldest", "earliest"), "write `min(..)`; of events `first(..)`"),
    **dict.fromkeys(("unique", "count_distinct", "countdistinct"), "write `distinct(..)`"),
    **dict.fromkeys(("exists", "isset", "is_set", "isnotnull", "defined", "has_value"), "write `x is known`"),
    **dict.fromkeys(("isnull", "is_null", "isempty", "is_empty", "empty", "missing"), "write `x is unknown`"),
    **dict.fromkeys(("if", "iif", "iff", "case", "switch", "choose"), _CHOICE),
    **dict.fromkeys(("coalesce", "ifnull", "nvl", "default", "fallback"), _ELSE),
    **dict.fromkeys(
        ("segment", "insegment", "in_segment", "member", "memberof", "isin"),
        "a segment is asked by its bare name",
    ),
    **dict.fromkeys(
        ("performed", "did", "has_done", "event", "happened"), "write `purchase in last 30 days`"
    ),
    **dict.fromkeys(
        ("random", "rand", "bucket", "hash"),
        "shares of people are made by an experiment: `split control 50%, ..`",
    ),
    **dict.fromkeys(
        ("concat", "substring", "substr", "replace", "split", "left", "right"),
        "rules make no texts; templates do: docs/filters.md",
    ),
    **dict.fromkeys(
        ("round", "floor", "ceil", "abs", "mod"), "rules do not round: compare with `between` or `>=`"
    ),
}
_KINDS: Mapping[str, Mapping[str, str]] = {"name": _VALUES, "function": _FUNCTIONS}


def meant(what: str, name: str, known: Iterable[str]) -> str:
    """Advice on an unknown name of a kind; empty where nothing is near.

    >>> meant("name", "contry", ["country"])
    'did you mean `country`?'
    >>> meant("function", "mean", [])
    'write `avg(..)`'
    """
    return _KINDS.get(what, {}).get(name.lower(), "") or did_you_mean(name, known)
