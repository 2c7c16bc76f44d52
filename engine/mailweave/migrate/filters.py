"""Filters of other systems as ours: those that mean the same, those that nearly do, and what there is for the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mailweave.liquid.filters.catalog import our_filters
from mailweave.liquid.habits import FILTERS_ADVICE, FILTERS_MEANT
from mailweave.migrate.bench import Bench
from mailweave.migrate.tree import Choice, Compare, Expr, Filtered, Lit, Ref, Truth

Arguments = Sequence[Expr]
Make = Callable[[Expr, Arguments], "Expr | None"]
"""What a filter with its arguments is here; None where these arguments have no equal."""


@dataclass(frozen=True, slots=True)
class Near:
    """A filter that nearly does the same, and where not."""

    make: Make
    difference: str


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of one dialect. own: whether those of Liquid mean in it what they mean here.

    safe: those which write a value as it is.
    """

    same: Mapping[str, Make]
    near: Mapping[str, Near] = field(default_factory=dict)
    own: bool = True
    safe: frozenset[str] = frozenset()

    def apply(
        self,
        bench: Bench,
        value: Expr,
        name: str,
        positional: list[Expr],
        named: Mapping[str, Expr],
        place: tuple[int, int],
    ) -> Expr:
        """A value through a filter; `Broken`, and told, where it has no equal."""
        made = self.same[name](value, positional) if name in self.same and not named else None
        if made is not None:
            return made
        if name in self.near and not named:
            made = self.near[name].make(value, positional)
            if made is not None:
                instead = made.name if isinstance(made, Filtered) else "a choice"
                bench.tell("MW669", *place, instead=instead, difference=self.near[name].difference)
                return made
        if self.own and name in our_filters() and name not in self.same:
            return Filtered(value, name, tuple(positional), tuple(named.items()))
        why = f"there is no such filter as `{name}`"
        if name in self.same or name in self.near:
            why = f"`{name}` with these values, or none, is not known here"
        return bench.broken(*place, why, _todo(name))


def _todo(name: str) -> str:
    if name in FILTERS_ADVICE:
        return FILTERS_ADVICE[name]
    meant = FILTERS_MEANT.get(name)
    return f"see whether `{meant}` does it, in docs/filters.md" if meant else "compute it in the data"


def called(name: str, *before: Expr) -> Make:
    """One of our filters with the same arguments, behind those of `before`."""
    return lambda value, given: Filtered(value, name, (*before, *given))


def bare(name: str, *given: Expr) -> Make:
    """One of our filters, with these arguments and no others."""
    return lambda value, args: None if args else Filtered(value, name, given)


def unchanged(value: Expr, _: Arguments) -> Expr:
    """The value itself."""
    return value


def or_else(value: Expr, given: Arguments) -> Expr | None:
    """`default` of Django and `or` of Python: another value for what is 0 or empty."""
    return Choice(Truth(value), value, given[0]) if len(given) == 1 else None


def if_absent(value: Expr, given: Arguments) -> Expr | None:
    """Another value for what is missing alone."""
    return Choice(Compare("==", value, Lit(None)), given[0], value) if len(given) == 1 else None


def yes_no(value: Expr, given: Arguments) -> Expr | None:
    """Django's `yesno`: one of two or three words."""
    words = given[0].value if given and isinstance(given[0], Lit) else "yes,no"
    parts = str(words).split(",")
    if len(parts) not in (2, 3):
        return None
    no: Expr = Lit(parts[1])
    if len(parts) == 3:
        no = Choice(Compare("==", value, Lit(None)), Lit(parts[2]), no)
    return Choice(Truth(value), Lit(parts[0]), no)


def _has_third(given: Arguments) -> bool:
    """Whether `yesno` has a word for null."""
    return bool(given) and isinstance(given[0], Lit) and str(given[0].value).count(",") == 2


def looked_up(value: Expr, given: Arguments) -> Expr | None:
    """`lookup` of Klaviyo and `property_accessor` of Braze: a member by a name with any signs."""
    match value, given:
        case Ref(data=data, local="", tail=(), of=of), [Lit(value=str() as name)] if data:
            return Ref((*data, name), "", (), (*(of or data), name), value.at)
        case Ref(of=of), [Lit(value=str() as name)]:
            return Ref(value.data, value.local, (*value.tail, name), (*of, name) if of else None, value.at)
        case _:  # no name that can be read
            return None


def divisible(value: Expr, given: Arguments) -> Expr | None:
    """`divisibleby` of Django."""
    return Compare("==", Filtered(value, "modulo", tuple(given)), Lit(0)) if len(given) == 1 else None


# ---- forms of dates

_STRFTIME: Final[Mapping[str, str]] = {
    "d": "%d", "j": "%-d", "D": "%a", "l": "%A", "m": "%m", "n": "%-m", "M": "%b", "F": "%B", "N": "%b", "Y": "%Y",
    "y": "%y", "H": "%H", "G": "%-H", "h": "%I", "g": "%-I", "i": "%M", "s": "%S", "A": "%p", "a": "%P", "z": "%j",
    "P": "%-I:%M %P",
}  # fmt: skip
"""Letters of PHP and Django, as Liquid writes them."""


def strftime_of(form: str) -> str | None:
    """A form of dates of PHP or Django as one of Liquid; None where it has a letter that Liquid lacks.

    >>> strftime_of("F j, Y"), strftime_of("jS")
    ('%B %-d, %Y', None)
    """
    made, at = [], 0
    while at < len(form):
        if form[at] == "\\" and at + 1 < len(form):
            made.append(form[at + 1])
            at += 1
        elif form[at].isalpha() and form[at] not in _STRFTIME:
            return None
        else:
            made.append(_STRFTIME.get(form[at], form[at].replace("%", "%%")))
        at += 1
    return "".join(made)


def django_date(value: Expr, given: Arguments) -> Expr | None:
    """`date` of Django, whose letters are those of PHP."""
    form = given[0].value if given and isinstance(given[0], Lit) else "N j, Y"
    written = strftime_of(form) if isinstance(form, str) else None
    return None if written is None else Filtered(value, "date", (Lit(written),))


def lengthened(value: Expr, given: Arguments) -> Expr | None:
    """`truncatechars` and the like: the sign of what was left out is one character."""
    return Filtered(value, "truncate", (given[0], Lit("…"))) if len(given) == 1 else None


def sliced(value: Expr, given: Arguments) -> Expr | None:
    """`slice` of Django: `":5"` takes the first five."""
    form = given[0].value if len(given) == 1 and isinstance(given[0], Lit) else None
    found = re.fullmatch(r"(\d*):(\d+)", form) if isinstance(form, str) else None
    if found is None:
        return None
    start = int(found[1] or 0)
    return Filtered(value, "slice", (Lit(start), Lit(max(int(found[2]) - start, 0))))


def of_float(value: Expr, given: Arguments) -> Expr | None:
    """`floatformat` of Django with a number of digits from 0 on."""
    digits = given[0].value if given and isinstance(given[0], Lit) else None
    return Filtered(value, "number", (Lit(digits),)) if isinstance(digits, int) and digits >= 0 else None


TITLE: Final = "only the first letter of the text is upper case, not that of each word"
"""How `capitalize` differs from what other systems call `title`."""
_BLANK: Final = "a blank becomes `+` instead of `%20`"
_ADDRESS: Final = (
    "a blank becomes `+`, and signs that part an address, such as `:`, `?` and `&`, are escaped as well"
)
SHOWN_LIST: Final = "there a list is shown with brackets and quotes"
"""How a list as one value differs in Python."""
_MISSING: Final = "what is missing is null here, and null alone there"
_LOCAL: Final = "it is written as the locale of the campaign writes it"

BRAZE: Final = Filters(
    {
        "as_json_string": bare("json"),
        "property_accessor": looked_up,
        "html_escape": bare("escape"),
        "strip_html": bare("strip_html"),
    },
    {
        "url_escape": Near(bare("url_encode"), _ADDRESS),
        "url_param_escape": Near(bare("url_encode"), _BLANK),
        "json_escape": Near(bare("json"), "quotation marks stand around it"),
        "number_with_delimiter": Near(bare("number"), _LOCAL),
        "titleize": Near(bare("capitalize"), TITLE),
        "time_zone": Near(unchanged, "the zone is that of `timezone` in campaign.toml"),
    },
)
CUSTOMERIO: Final = Filters(
    {
        "to_json": bare("json"),
        "upcase": bare("upcase"),
        "base64": bare("base64_encode"),
        "append": called("append"),
    },
    {
        "url_escape": Near(bare("url_encode"), _ADDRESS),
        "titlecase": Near(bare("capitalize"), TITLE),
        "format_number": Near(bare("number"), _LOCAL),
        "number_with_delimiter": Near(bare("number"), _LOCAL),
        "currency": Near(lambda value, given: Filtered(value, "money"), "the currency is the campaign's"),
        "rounded_currency": Near(bare("money"), "the digits behind the point stay"),
        "timezone": Near(unchanged, "the zone is that of `timezone` in campaign.toml"),
    },
)
KLAVIYO: Final = Filters(
    {
        "default": or_else,
        "lookup": looked_up,
        "upper": bare("upcase"),
        "lower": bare("downcase"),
        "length": bare("size"),
        "first": bare("first"),
        "last": bare("last"),
        "join": called("join"),
        "add": called("plus"),
        "multiply": called("times"),
        "divide": called("divided_by"),
        "subtract": called("minus"),
        "striptags": bare("strip_html"),
        "linebreaksbr": bare("newline_to_br"),
        "date": django_date,
        "slice": sliced,
        "yesno": lambda value, given: None if _has_third(given) else yes_no(value, given),
        "divisibleby": divisible,
        "escape": bare("escape"),
        "force_escape": bare("escape"),
        "trim": bare("strip"),
        "cut": called("remove"),
        "pprint": lambda value, given: None,
        "truncatewords": lambda value, given: (
            Filtered(value, "truncatewords", (given[0], Lit(" …"))) if len(given) == 1 else None
        ),
        "truncatechars": lengthened,
    },
    {
        "urlencode": Near(bare("url_encode"), _BLANK),
        "default_if_none": Near(if_absent, _MISSING),
        "yesno": Near(yes_no, _MISSING),
        "title": Near(bare("capitalize"), TITLE),
        "capfirst": Near(bare("capitalize"), "the other letters become lower case"),
        "floatformat": Near(of_float, _LOCAL),
        "intcomma": Near(bare("number"), _LOCAL),
        "currency_format": Near(
            lambda value, given: Filtered(value, "money"), "the currency is the campaign's"
        ),
        "format_date_string": Near(
            lambda value, given: value if not given else None, "what `date` reads is read"
        ),
        "random": Near(bare("first"), "the first item, as a mail of the same data stays the same"),
    },
    own=False,
    safe=frozenset({"safe"}),
)
JINJA: Final = Filters(
    {
        "upper": bare("upcase"),
        "lower": bare("downcase"),
        "trim": bare("strip"),
        "length": bare("size"),
        "count": bare("size"),
        "first": bare("first"),
        "last": bare("last"),
        "abs": bare("abs"),
        "reverse": bare("reverse"),
        "e": unchanged,
        "escape": unchanged,
        "join": lambda value, given: (
            Filtered(value, "join", (given[0] if given else Lit(""),)) if len(given) < 2 else None
        ),
        "replace": lambda value, given: Filtered(value, "replace", tuple(given)) if len(given) == 2 else None,
        "string": bare("append", Lit("")),
        "list": unchanged,
        "unique": bare("uniq"),
        "capitalize": bare("capitalize"),
    },
    {
        "title": Near(bare("capitalize"), TITLE),
        "striptags": Near(bare("strip_html"), "blanks in a row stay"),
        "urlencode": Near(bare("url_encode"), _BLANK),
        "tojson": Near(bare("json"), "signs are escaped for the place where it stands"),
    },
    own=False,
    safe=frozenset({"safe"}),
)
