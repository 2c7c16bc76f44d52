"""MW1xx: the syntax of rules."""

from mailweave.diagnostics.model import Code, Severity

ERROR = Severity.ERROR

CODES: tuple[Code, ...] = (
    Code(
        "MW101", "text-too-long", ERROR,
        "this rule text has {length} characters; at most {limit} are read",
        "is this really a rule text?",
        "A limit keeps a text that no person wrote from taking the machine down.",
    ),
    Code(
        "MW102", "forbidden-character", ERROR,
        "the character {character} may not stand in a rule text",
        "delete it; it is invisible in most editors",
        "Control characters, and marks that turn the direction of text, can make a rule look like another.",
    ),
    Code(
        "MW103", "too-deep", ERROR,
        "this is nested more than {limit} levels deep",
        "name a part of it with `let`",
    ),
    Code(
        "MW104", "line-too-long", ERROR,
        "this line has {length} characters; at most {limit} are read",
        "break the line",
    ),
    Code(
        "MW105", "open-text", ERROR,
        "this text is not closed on its line",
        'end it with `"`; write `\\n` for a line break and `\\"` for a quotation mark',
    ),
    Code(
        "MW106", "unknown-escape", ERROR,
        "`{escape}` is no escape",
        'in a text there are `\\"`, `\\\\` and `\\n`',
    ),
    Code(
        "MW107", "never-closed", ERROR,
        "this `{bracket}` is never closed",
    ),
    Code(
        "MW108", "closes-nothing", ERROR,
        "this `{bracket}` closes nothing",
    ),
    Code(
        "MW109", "no-statement", ERROR,
        "`{found}` does not start a statement",
        why="Outside brackets every line starts with a word such as `segment`, `let`, `block` or `matrix`.",
    ),
    Code(
        "MW110", "not-expected", ERROR,
        "`{found}` is not expected here",
        "here could stand {wanted}",
    ),
    Code(
        "MW111", "part-missing", ERROR,
        "`{word}` is missing here",
        "{advice}",
        "Some parts may not be left out, because without them somebody would get no answer.",
    ),
    Code(
        "MW112", "ends-early", ERROR,
        "the statement ends too early",
        "here could stand {wanted}",
    ),
    Code(
        "MW113", "reserved-word", ERROR,
        "`{word}` is a word of the language and cannot be a name",
        'take another name; an attribute keeps its name in the data with `from "{word}"`',
        "Words of the language are reserved everywhere, so that a rule reads the same to everybody.",
    ),
    Code(
        "MW120", "single-equals", ERROR,
        "`=` gives a name; values are compared with `==`",
        "write `==`",
    ),
    Code(
        "MW121", "double-equals", ERROR,
        "`==` compares; a name is given with `=`",
        "write `=`",
    ),
    Code(
        "MW122", "other-language", ERROR,
        "`{found}` belongs to another language",
        "write `{instead}`",
    ),
    Code(
        "MW123", "days-since", ERROR,
        "time is a duration, not a number of days",
        "write `time since last(purchase) > 30 days`",
        "A duration carries its unit, so that days are never compared with hours.",
    ),
    Code(
        "MW124", "window-outside", ERROR,
        "the window stands outside the brackets",
        "write it inside: `count(click in last 7 days) >= 2`",
        "Inside the brackets it is clear what the window belongs to: the events that are counted.",
    ),
    Code(
        "MW125", "curly-quotes", ERROR,
        "typographic quotation marks do not make a text",
        'write `"` on both sides; some programs change them while you type or paste',
    ),
    Code(
        "MW126", "single-quotes", ERROR,
        "single quotation marks do not make a text",
        'write `"` on both sides; a member of an enum is written without any',
    ),
    Code(
        "MW127", "short-unit", ERROR,
        "`{found}` is no duration",
        "write `{instead}`",
    ),
    Code(
        "MW128", "chained-comparison", ERROR,
        "comparisons do not chain",
        "write `1 < x and x < 5`, or `x between 1 and 5`, which includes both ends",
    ),
    Code(
        "MW129", "is-what", ERROR,
        "`is` only asks `is known` and `is unknown`",
        "values are compared with `==`; write `x is unknown` for a missing value, `x is known` for one that is there; "
        "a bool is its own condition: `x`, `not x`",
    ),
    Code(
        "MW130", "dotted-name", ERROR,
        "names in rules have no dots and no methods",
        "write the bare name of the attribute: `plan`, not `profile.plan`; "
        "only `consent.x` and `score.x` are dotted",
    ),
    Code(
        "MW131", "currency-sign", ERROR,
        "money is written with the code of its currency",
        "write `500 USD`",
    ),
    Code(
        "MW132", "percent-sign", ERROR,
        "a percentage is no value in a condition",
        "write a ratio: `0.25` for 25 %",
    ),
    Code(
        "MW133", "digit-comma", ERROR,
        "a comma does not group digits",
        "write `5_000`",
    ),
    Code(
        "MW134", "empty-list", ERROR,
        "at least one value stands in the brackets",
        "name the values, or leave the condition out",
        "Nothing is in an empty list: the condition could never hold.",
    ),
    Code(
        "MW135", "comma-at-end", ERROR,
        "nothing follows the last comma",
        "leave the comma out",
    ),
    Code(
        "MW136", "not-in-window", ERROR,
        "`not` stands in front of a condition with a window",
        "write `not signup_at in last 7 days`, or of an event `no click in last 7 days`",
    ),
    Code(
        "MW137", "other-comment", ERROR,
        "this does not start a comment",
        "comments start with `#`",
    ),
    Code(
        "MW138", "semicolon", ERROR,
        "statements end with their line",
        "leave the `;` out",
    ),
    Code(
        "MW139", "unit-missing", ERROR,
        "a unit of time is missing here",
        "write `7 days`, `24 hours`, `3 calendar months`",
    ),
    Code(
        "MW140", "comma-between-lines", ERROR,
        "each attribute of the profile stands on a line of its own",
        "break the line, and leave the comma out",
    ),
    Code(
        "MW141", "row-not-closed", ERROR,
        "the line above lacks its last `|`",
        "every line of a matrix ends with `|`",
    ),
)  # fmt: skip
