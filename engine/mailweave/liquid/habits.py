"""What authors bring from other products and languages, and what it is in Liquid as it is written here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PROFILES = (
    "customer", "user", "contact", "recipient", "subscriber", "person", "lead", "member", "attributes",
    "custom_attribute", "custom_attributes", "userattributes", "data", "account",
)  # fmt: skip
"""What other products call the profile."""
ROOTS_MEANT: Mapping[str, str] = {
    **dict.fromkeys(PROFILES, "profile"),
    **dict.fromkeys(
        ("company", "organization", "organisation", "sender", "brand", "shop", "store", "site"), "campaign"
    ),
    **dict.fromkeys(("inputs", "input", "props", "params", "module", "section", "settings"), "block"),
    **dict.fromkeys(("message", "email_message"), "mail"),
}
MEMBERS_MEANT: Mapping[str, str] = {
    **dict.fromkeys(("fname", "firstname", "first name", "given_name", "prenom", "vorname"), "first_name"),
    **dict.fromkeys(("lname", "lastname", "last name", "surname", "family_name"), "last_name"),
    **dict.fromkeys(("email_address", "emailaddress", "emailaddr", "mail"), "email"),
    **dict.fromkeys(("unsubscribe", "unsubscribe_link", "unsub_url", "unsub", "optout"), "unsubscribe_url"),
    **dict.fromkeys(("address", "company_address", "full_address"), "postal_address"),
}

TAGS_MEANT: Mapping[str, str] = {
    **dict.fromkeys(
        ("connected_content", "api", "webhook", "fetch", "http"),
        "nothing is fetched while a mail is made: give the data in `context`, as a lookup or catalogue",
    ),
    **dict.fromkeys(
        ("abort_message", "abort", "message_abort", "cancel", "skip", "exit", "stop"),
        'who gets no mail is said in the rules: `skip name "why" when ..`',
    ),
    **dict.fromkeys(("set", "let", "var"), "write `{% assign name = value %}`"),
    **dict.fromkeys(("elseif", "elif", "elsif_", "else_if"), "write `{% elsif .. %}`"),
    **dict.fromkeys(("foreach", "each", "loop", "while", "repeat"), "write `{% for item in list %}`"),
    **dict.fromkeys(("endforeach", "endeach", "endloop", "endwhile"), "write `{% endfor %}`"),
    **dict.fromkeys(("switch", "select", "match"), "write `{% case value %}` and `{% when .. %}`"),
    **dict.fromkeys(("endswitch", "endselect", "endmatch"), "write `{% endcase %}`"),
    **dict.fromkeys(("fi", "end_if", "ifend"), "write `{% endif %}`"),
    **dict.fromkeys(("default", "otherwise"), "in a `case`, write `{% else %}`"),
    **dict.fromkeys(
        ("block", "endblock", "extends", "super"),
        "a layout has places, `{% slot .. %}`; the rules say which block stands in each",
    ),
    **dict.fromkeys(
        ("macro", "endmacro", "call", "import", "from", "snippet", "section", "module", "content_blocks",
         "content_block", "shared_content", "dnd_area", "global_partial"),
        "what is written once and shown often is a block: a folder in `blocks`, named by the rules",
    ),
    **dict.fromkeys(
        ("unsubscribe", "unsubscribe_link", "manage_preferences", "unsubscribe_url"),
        "write `{{ campaign.unsubscribe_url }}` as the address of a link",
    ),
    **dict.fromkeys(
        ("catalog_items", "catalog_selection_items", "promotion", "coupon_code", "coupon", "recommendations"),
        "items are declared in the rules with `catalog` and `list`, and read as `lists.name`",
    ),
    **dict.fromkeys(("load", "autoescape", "endautoescape", "with", "endwith", "spaceless", "trans", "blocktrans"),
                    "that is Django's; values are escaped by where they stand"),
    "end": "each block has an end of its own: `{% endif %}`, `{% endfor %}`",
    "comment_": "write `{% comment %}` and `{% endcomment %}`",
}  # fmt: skip

FILTERS_MEANT: Mapping[str, str] = {
    **dict.fromkeys(("uppercase", "upper", "toupper", "to_upper", "strtoupper"), "upcase"),
    **dict.fromkeys(("lowercase", "lower", "tolower", "to_lower", "strtolower"), "downcase"),
    **dict.fromkeys(("titlecase", "title", "title_case", "propercase", "ucfirst", "capfirst", "humanize"), "capitalize"),
    **dict.fromkeys(("length", "count", "len"), "size"),
    **dict.fromkeys(("fallback", "default_value", "ifempty", "or", "coalesce"), "default"),
    **dict.fromkeys(("currency", "money_format", "format_currency", "money_with_currency", "format_money",
                     "number_to_currency", "price"), "money"),
    **dict.fromkeys(("number_with_delimiter", "format_number", "floatformat", "intcomma", "number_format",
                     "numberformat"), "number"),
    **dict.fromkeys(("date_format", "format_date", "strftime", "datetimeformat", "format_datetime", "dateformat",
                     "datetime", "time"), "date"),
    **dict.fromkeys(("nl2br", "linebreaks", "linebreaksbr", "simple_format"), "newline_to_br"),
    **dict.fromkeys(("e", "html_escape", "forceescape", "escape_html", "escapehtml"), "escape"),
    **dict.fromkeys(("raw", "html_safe", "mark_safe", "unescape", "noescape", "html"), "safe"),
    **dict.fromkeys(("striptags", "plaintext", "strip_tags"), "strip_html"),
    **dict.fromkeys(("urlencode", "url_escape", "url_param_escape", "encode", "encodeuricomponent"), "url_encode"),
    **dict.fromkeys(("base64", "b64encode", "base64encode"), "base64_encode"),
    **dict.fromkeys(("json_escape", "tojson", "as_json_string", "to_json", "jsonify"), "json"),
    **dict.fromkeys(("trim",), "strip"),
    **dict.fromkeys(("substring", "substr", "left"), "slice"),
    **dict.fromkeys(("add", "sum_of"), "plus"),
    **dict.fromkeys(("subtract", "sub"), "minus"),
    **dict.fromkeys(("multiply", "mul", "multiplied_by"), "times"),
    **dict.fromkeys(("divide", "div"), "divided_by"),
    **dict.fromkeys(("mod", "remainder"), "modulo"),
    **dict.fromkeys(("unique", "distinct", "dedupe"), "uniq"),
    **dict.fromkeys(("filter", "select"), "where"),
    **dict.fromkeys(("truncatechars", "ellipsis", "cut"), "truncate"),
    **dict.fromkeys(("truncate_words", "wordtruncate"), "truncatewords"),
    **dict.fromkeys(("percentage", "format_percent", "number_to_percentage"), "percent"),
}  # fmt: skip

FILTERS_ADVICE: Mapping[str, str] = {
    **dict.fromkeys(
        ("pluralize", "pluralise", "inflect"),
        "there is none that makes plurals: write both forms, `{% if count == 1 %}item{% else %}items{% endif %}`",
    ),
    **dict.fromkeys(
        ("t", "translate", "trans", "i18n"),
        "words of other languages stand in `[strings]` and in `locale`; docs/blocks.md",
    ),
    **dict.fromkeys(
        ("time_zone", "timezone", "in_time_zone", "local", "at_timezone"),
        "dates are shown in the zone of the campaign: `timezone` in campaign.toml names it",
    ),
    **dict.fromkeys(
        ("md5", "sha1", "sha256", "hash", "hmac_sha1", "hmac_sha256"),
        "there is none that hashes: give the value in the data",
    ),
    "lookup": "another product's form: write the bare path, `profile.city`",
}

_DEEPEST = 100  # blocks in blocks
_LONGEST = 500  # characters of a tag that are looked at
_IN = r"[^{}]*?"


@dataclass(frozen=True, slots=True)
class Habit:
    """What stands in a tag or output, and what to write instead; `\\1` is the first group."""

    pattern: re.Pattern[str]
    advice: str


def _habit(pattern: str, advice: str) -> Habit:
    return Habit(re.compile(pattern, re.DOTALL), advice)


_TAG = r"\{%-?\s*(?:if|elsif|unless|when|case)\b" + _IN
HABITS: tuple[Habit, ...] = (
    _habit(r"\{%[^{}%]*\}", "close the tag with `%}`"),
    _habit(r"\{[{%]" + _IN + r"[“”„‘’«»]", 'texts stand in plain `"` or `\'`; some programs change them while you type'),
    _habit(_TAG + r"&&", "write `and`"),
    _habit(_TAG + r"\|\|", "write `or`"),
    _habit(_TAG + r"===", "write `==`"),
    _habit(_TAG + r"!(?!=)", "write `{% unless .. %}`, or compare: `== false`"),
    _habit(_TAG + r"=~|" + _TAG + r"\bmatches\b", "Liquid has no patterns; `contains` looks for a part of a text"),
    _habit(_TAG + r"(?<![=!<>])=(?![=>])", "values are compared with `==`"),
    _habit(_TAG + r"\b(?:is\s+(?:not\s+)?(?:blank|empty|null|nil|none|known|unknown|set)|exists?)\b",
           "compare it: `!= blank` for a value that is there, `== blank` for none"),
    _habit(_TAG + r"\s(?:is\s+not|isn't|ne|neq|not\s+equals?)\s", "write `!=`"),
    _habit(_TAG + r"\s(?:is|eq|equals?)\s", "write `==`"),
    _habit(_TAG + r"\s(?:not\s+)?in\s", "write `list contains value`"),
    _habit(_TAG + r"\s(?:gt|gte|lt|lte)\s", "write `>`, `>=`, `<`, `<=`"),
    _habit(_TAG + r"\bcontains\s*\(", "write `list contains value`"),
    _habit(_TAG + r"\b(and|or|contains)\s*-?%\}", "a condition is missing behind `\\1`"),
    _habit(_TAG + r"(==|!=|<=|>=|<|>)\s*-?%\}", "a value is missing behind `\\1`"),
    _habit(r"\{%-?\s*(if|elsif|unless|case|when)\s*-?%\}", "a condition is missing: `{% \\1 profile.vip %}`"),
    _habit(r"\{%-?\s*assign\b" + _IN + r"==", "a name is given with one `=`: `{% assign name = value %}`"),
    _habit(r"\{%-?\s*assign\b", "write `{% assign name = value %}`"),
    _habit(r"\{%-?\s*for\s*\(", "write it without brackets: `{% for item in list %}`"),
    _habit(r"\{%-?\s*for\s+\w+\s+(?:of|from|as|:)\s", "write `{% for item in list %}`"),
    _habit(r"\{%-?\s*for\b", "write `{% for item in list %}`"),
    _habit(r"\{\{" + _IN + r"\bpersonalization_token\(\s*'\w+\.(\w+)'", "another product's form: write `{{ profile.\\1 }}`"),
    _habit(r"\{\{-?\s*(?:lead|company|system|my)\.\w+(?:\s\w+)*:default=",
           "another product's form: write `{{ profile.first_name | default: 'you' }}`"),
    _habit(r"\{[{%]" + _IN + r"\|\s*(\w+)\s*\(\s*\)", "a filter has no brackets: `| \\1`"),
    _habit(r"\{[{%]" + _IN + r"\|\s*(\w+)\s*\(", "arguments of a filter follow a colon: `| \\1: ..`"),
    _habit(r"\{[{%]" + _IN + r"\|\s*(\w+)\s+(?=[\"'\w])", "arguments of a filter follow a colon: `| \\1: ..`"),
    _habit(r"\{[{%]" + _IN + r"\|\s*(\w+):" + _IN + r"[\"']\s+[\"']",
           "arguments of a filter stand apart by commas: `| \\1: a, b`"),
    _habit(r"\{\{" + _IN + r"\?\?|\{\{" + _IN + r"\s(?:or|\|\|)\s",
           "write a filter for what stands in its place: `| default: \"..\"`"),
    _habit(r"\{\{" + _IN + r"\?" + _IN + ":", "write it with `{% if .. %}` and `{% else %}`"),
    _habit(r"\{\{" + _IN + r"\+\s*[\"']|\{\{" + _IN + r"[\"']\s*\+", "texts are joined with the filter `append`"),
    _habit(r"\{\{" + _IN + r"\s[+*/-]\s", "numbers are reckoned with the filters `plus`, `minus`, `times`, `divided_by`"),
    _habit(r"\{[{%]" + _IN + r":\s*%", "a format is a text: write it in quotation marks, `date: \"%Y\"`"),
    _habit(r"\{\{-?\s*%", "another product's form: write `{{ profile.first_name }}`"),
    _habit(r"\{\{" + _IN + r"[\w.]\s+\w+\s*\}\}", "a name has no blanks in it: `{{ profile.first_name }}`"),
)  # fmt: skip


def markup_at(text: str, place: int) -> str:
    """The tag or output around a place, to its end or the end of its line."""
    start = max(text.rfind("{{", 0, place + 2), text.rfind("{%", 0, place + 2))
    if start < 0:
        return ""
    end = re.compile(r"[%}]\}|\n|\Z").search(text, max(place, start + 2))
    return text[start : min(end.end() if end else len(text), start + _LONGEST)]


def advice(markup: str) -> str:
    """What to write in place of what stands in a tag or output that is not Liquid; empty where nothing is known.

    >>> advice('{% if a = 1 %}')
    'values are compared with `==`'
    >>> advice('{{ a | default "x" }}')
    'arguments of a filter follow a colon: `| default: ..`'
    """
    bare = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", _without_content, markup)
    for habit in HABITS:
        found = habit.pattern.match(markup) if "personal" in markup else habit.pattern.match(bare)
        if found:
            return found.expand(habit.advice) if found.groups() else habit.advice
    return ""


def _without_content(text: re.Match[str]) -> str:
    return text[0][0] * 2


UNFINISHED = re.compile(
    r"\{%-?\s*\w+[^%{}]*?(?:\b(?:and|or|contains)|[=<>!]=?)\s*-?%\}|\{%-?\s*assign\s+\w+\s*-?%\}"
    r"|\{[{%][^{}%]*\|\s*-?[%}]\}"
)
"""A tag or output that ends too early: the parser says so without a place."""

_TAGS = re.compile(r"\{%-?\s*(?P<name>\w+)[^%]*-?%\}")
_ENDS_OF_TEXT = frozenset(("endraw", "enddoc", "endcomment"))
_BLOCKS = frozenset(
    ("if", "unless", "for", "case", "capture", "tablerow", "ifchanged", "raw", "doc", "comment")
)


def unclosed(text: str) -> re.Match[str] | None:
    """The tag that opens a block which is never closed, innermost and last."""
    waiting: list[re.Match[str]] = []
    for tag in _TAGS.finditer(text):
        name = tag["name"]
        if name in _BLOCKS:
            waiting.append(tag)
        elif name in _ENDS_OF_TEXT or (waiting and name == f"end{waiting[-1]['name']}"):
            _close(name.removeprefix("end"), waiting)
    return waiting[-1] if waiting else None


def _close(name: str, waiting: list[re.Match[str]]) -> None:
    """Takes away the block of a name, and what stands in it: in a `raw` that is text."""
    open_ones = [at for at, tag in enumerate(waiting[-_DEEPEST:]) if tag["name"] == name]
    if open_ones:
        del waiting[max(len(waiting) - _DEEPEST, 0) + open_ones[-1] :]
