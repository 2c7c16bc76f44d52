"""MW4xx: Liquid templates.

MW400-MW429 syntax, rendering, limits; MW430-MW459 escaping contexts; MW460-MW499 the data a template reads.
"""

from mailweave.diagnostics.model import Code, Severity

_ERROR = Severity.ERROR

CODES: tuple[Code, ...] = (
    Code(
        "MW400",
        "liquid-syntax",
        _ERROR,
        "{problem}",
        why="The template is not Liquid as Shopify's parser reads it.",
    ),
    Code(
        "MW401",
        "unknown-filter",
        _ERROR,
        "there is no filter `{name}`",
        why="A misspelled filter would otherwise print the value unchanged.",
    ),
    Code(
        "MW402",
        "unknown-tag",
        _ERROR,
        "there is no tag `{name}`",
        why="A misspelled tag would otherwise be left out of the e-mail without a word.",
    ),
    Code(
        "MW403",
        "template-too-large",
        _ERROR,
        "the template is too large or too deep: {what}",
        "split it, or raise the limit in `budget`",
        "Parsing is bounded too: a template may come from a stranger.",
    ),
    Code(
        "MW404",
        "missing-variable",
        _ERROR,
        "`{name}` is not in the data of this recipient",
        'give it a default (`| default: "..."`), test it first, or set `undefined = "lenient"`',
        "With `undefined` set to strict or default, a hole in the data stops the e-mail instead of leaving a hole in it.",
    ),
    Code(
        "MW405",
        "over-budget",
        _ERROR,
        "rendering stopped: more than {limit} {what}",
        "loop over less, or raise the limit in `budget`",
        "Each recipient has a budget of steps, output and memory; one who exceeds it is left out, alone.",
    ),
    Code(
        "MW406",
        "render-failed",
        _ERROR,
        "{problem}",
        why="The data of this recipient does not fit what the template does with it.",
    ),
    Code(
        "MW407",
        "filter-failed",
        _ERROR,
        "filter `{name}` failed: {problem}",
        why="A filter could not work with this value. The value itself is not shown: it may be personal.",
    ),
    Code(
        "MW408",
        "not-plain-data",
        _ERROR,
        "a value of type {type} cannot be used in a template",
        "pass plain data: text, numbers, true, false, null, lists, mappings, dates",
        "Templates see plain data only, so that no template can reach into the program around it.",
    ),
    Code(
        "MW409",
        "no-such-partial",
        _ERROR,
        "there is no partial `{name}`",
        why="`include` and `render` take their text from the partials of the campaign.",
    ),
    Code(
        "MW410",
        "slot-misplaced",
        _ERROR,
        "{problem}",
        why="A slot stands once in a layout: outside loops, conditions' captures and partials, where text may stand.",
    ),
    Code(
        "MW411",
        "foreign-syntax",
        _ERROR,
        "this is {system} syntax, not Liquid",
        "write {instead}",
        "Templates copied from another system often keep its habits.",
    ),
)
