"""MW1xx: the syntax of rules."""

from mailweave.diagnostics.model import Code, error

CODES: tuple[Code, ...] = (
    error(
        "MW101", "text-too-long",
        "this rule text has {length} characters; at most {limit} are read",
        "is this really a rule text?",
        "A limit keeps a text that no person wrote from taking the machine down.",
    ),
    error(
        "MW102", "forbidden-character",
        "the character {character} may not stand in a rule text",
        "delete it; it is invisible in most editors",
        "Control characters, and marks that turn the direction of text, can make a rule look like another.",
    ),
    error(
        "MW103", "nesting-too-deep",
        "this is nested more than {limit} levels deep",
        "name a part of it with `let`",
        "Nobody can read such an expression, and without a limit a hostile one could exhaust the machine.",
    ),
    error(
        "MW104", "line-too-long",
        "this line has {length} characters; at most {limit} are read",
        "break the line",
        "Lines of this length are not written by people, and without a limit they cost time to read.",
    ),
    error(
        "MW105", "unclosed-text",
        "this text is not closed on its line",
        'end it with `"`; write `\\n` for a line break and `\\"` for a quotation mark',
        "Texts do not run over lines, so a forgotten quotation mark cannot swallow the rules below it.",
    ),
    error(
        "MW106", "unknown-escape",
        "`{escape}` is no escape",
        'in a text there are `\\"`, `\\\\` and `\\n`',
        "An escape that is passed over in silence would leave a stray `\\` in the mail.",
    ),
    error(
        "MW107", "unclosed-bracket",
        "this `{bracket}` is never closed",
        "write the closing bracket where the list or the group ends",
        "Inside brackets a statement runs on over lines, so an open one would take in the statements below "
        "it.",
    ),
    error(
        "MW108", "unmatched-closing-bracket",
        "this `{bracket}` closes nothing",
        "take it out, or open its partner before it",
        "Most often a bracket before it was deleted or closed twice.",
    ),
    error(
        "MW109", "unknown-statement",
        "`{found}` does not start a statement",
        "start the line with a word such as `segment`, `let`, `block` or `matrix`",
        "Outside brackets the first word of a line says what is declared or decided.",
    ),
    error(
        "MW110", "unexpected-token",
        "`{found}` is not expected here",
        "here could stand {wanted}",
        "What stands before it can be continued only by what is listed.",
    ),
    error(
        "MW111", "missing-clause",
        "`{word}` is missing here",
        "{advice}",
        "Some parts may not be left out, because without them somebody would get no answer.",
    ),
    error(
        "MW112", "unfinished-statement",
        "the statement ends too early",
        "here could stand {wanted}",
        "A statement ends with its line, unless a bracket is open; this one still needs something.",
    ),
    error(
        "MW113", "reserved-word",
        "`{word}` is a word of the language and cannot be a name",
        'take another name; an attribute keeps its name in the data with `from "{word}"`',
        "Words of the language are reserved everywhere, so that a rule reads the same to everybody.",
    ),
    error(
        "MW120", "single-equals",
        "`=` gives a name; values are compared with `==`",
        "write `==`",
        "Other languages confuse the two signs; here each has one meaning, so a typing slip is always "
        "found.",
    ),
    error(
        "MW121", "double-equals",
        "`==` compares; a name is given with `=`",
        "write `=`",
        "Other languages confuse the two signs; here each has one meaning, so a typing slip is always "
        "found.",
    ),
    error(
        "MW122", "foreign-operator",
        "`{found}` belongs to another language",
        "write `{instead}`",
        "Each comparison and connective has one spelling, so that all rules read alike.",
    ),
    error(
        "MW123", "days-since-operator",
        "time is a duration, not a number of days",
        "write `time since last(purchase) > 30 days`",
        "A duration carries its unit, so that days are never compared with hours.",
    ),
    error(
        "MW124", "window-outside-brackets",
        "the window stands outside the brackets",
        "write it inside: `count(click in last 7 days) >= 2`",
        "Inside the brackets it is clear what the window belongs to: the events that are counted.",
    ),
    error(
        "MW125", "curly-quotes",
        "typographic quotation marks do not make a text",
        'write `"` on both sides; some programs change them while you type or paste',
        'Only plain `"` marks a text; typographic ones come in many forms, and two that look alike may not '
        "match.",
    ),
    error(
        "MW126", "single-quotes",
        "single quotation marks do not make a text",
        'write `"` on both sides; a member of an enum is written without any',
        "One kind of quotation mark is enough, and an apostrophe can then stand in any text.",
    ),
    error(
        "MW127", "abbreviated-unit",
        "`{found}` is no duration",
        "write `{instead}`",
        "`m` could be minutes or months, so units are written out.",
    ),
    error(
        "MW128", "chained-comparison",
        "comparisons do not chain",
        "write `1 < x and x < 5`, or `x between 1 and 5`, which includes both ends",
        "`1 < x < 5` means different things in different languages.",
    ),
    error(
        "MW129", "is-compares-nothing",
        "`is` only asks `is known` and `is unknown`",
        "values are compared with `==`; write `x is unknown` for a missing value, `x is known` for one "
        "that is there; a bool is its own condition: `x`, `not x`",
        "`is` asks whether there is a value; a comparison looks into it, and is unknown where it is "
        "missing.",
    ),
    error(
        "MW130", "dotted-name",
        "names in rules have no dots and no methods",
        "write the bare name of the attribute: `plan`, not `profile.plan`; only `consent.x` and `score.x` "
        "are dotted",
        "All attributes share one set of names, so a prefix would say nothing.",
    ),
    error(
        "MW131", "currency-sign",
        "money is written with the code of its currency",
        "write `500 USD`",
        "`$` is the sign of many currencies, `USD` of one.",
    ),
    error(
        "MW132", "percent-sign",
        "a percentage is no value in a condition",
        "write a ratio: `0.25` for 25 %",
        "A ratio is stored and compared as a number between 0 and 1; `25 %` could be read as 25.",
    ),
    error(
        "MW133", "digit-comma",
        "a comma does not group digits",
        "write `5_000`",
        "A comma separates values: `5,000` would be two of them.",
    ),
    error(
        "MW134", "empty-list",
        "at least one value stands in the brackets",
        "name the values, or leave the condition out",
        "Nothing is in an empty list: the condition could never hold.",
    ),
    error(
        "MW135", "comma-at-end",
        "nothing follows the last comma",
        "leave the comma out",
        "A comma promises another value; most often one was forgotten or deleted.",
    ),
    error(
        "MW136", "not-in-window",
        "`not` stands in front of a condition with a window",
        "write `not signup_at in last 7 days`, or of an event `no click in last 7 days`",
        "`not in (..)` belongs to lists; a window is asked by a whole condition, which `not` denies.",
    ),
    error(
        "MW137", "foreign-comment-sign",
        "this does not start a comment",
        "comments start with `#`",
        "`/` divides and `-` subtracts, so neither begins a comment.",
    ),
    error(
        "MW138", "needless-semicolon",
        "statements end with their line",
        "leave the `;` out",
        "The end of the line ends a statement; a second sign for it would mean nothing.",
    ),
    error(
        "MW139", "time-unit-missing",
        "a unit of time is missing here",
        "write `7 days`, `24 hours`, `3 calendar months`",
        "A bare number could be hours or days.",
    ),
    error(
        "MW140", "comma-between-lines",
        "each attribute of the profile stands on a line of its own",
        "break the line, and leave the comma out",
        "One attribute a line keeps labels apart, and a change of one shows as one line.",
    ),
    error(
        "MW141", "matrix-row-not-closed",
        "the line above lacks its last `|`",
        "every line of a matrix ends with `|`",
        "Without its last `|` nobody can tell whether a row goes on below.",
    ),
    error(
        "MW142", "said-otherwise",
        "`{found}` is said otherwise here",
        "write `{instead}`",
        "Each thing is said in one way, so that all rules read alike.",
    ),
    error(
        "MW143", "not-a-row",
        "`{found}` does not belong into a matrix",
        "a row is the name of a segment, and a cell for each column: `regulars | thanks 10 |`",
        "A matrix is read by rows: for whom, then what, and nothing is decided within it.",
    ),
)  # fmt: skip
