"""MW78x: data that is fetched before a mail is rendered."""

from mailweave.diagnostics.model import Code, error

CODES: tuple[Code, ...] = (
    error(
        "MW780", "unknown-source-target",
        "no source can fill `{name}`",
        "name a score, a list or a lookup that the rules declare",
        "What no rule declares is read by nobody: the answers would be fetched for nothing.",
    ),
    error(
        "MW781", "unknown-source-purpose",
        "`{name}` is a purpose that no rule declares",
        "name one of `consent` in the rules",
        "Nobody can have given a consent that is never asked for, so the source would be asked for nobody.",
    ),
    error(
        "MW782", "person-in-source-url",
        "`{name}` is personal, and the URL of `{source_name}` would tell it to others",
        "take it out of the URL, or add `needs = \"consent.PURPOSE\"` to the source, so that it is asked for those alone "
        "who have agreed",
        "Whoever is asked reads the URL, and so do its logs: an attribute that is labelled `pii` goes nowhere unasked.",
    ),
    error(
        "MW783", "source-else-of-other-type",
        "what stands in for `{name}` {problem}",
        "give `else` a value of the type that the rules declare",
        "It takes the place of an answer, and is read as one.",
    ),
    error(
        "MW784", "source-without-one-key",
        "a source cannot fill the lookup `{name}`: the rules read it under {count} keys",
        "read it in the rules under one key, an attribute or a fixed one; give other tables in the context",
        "A source gives one value for a recipient; under which of several keys it belongs cannot be told.",
    ),
    error(
        "MW785", "filled-by-two-sources",
        "`{name}` is filled by `{other}` already",
        "let each source fill a score, list or lookup of its own",
        "Which of two answers counts must not hang on which comes first.",
    ),
)  # fmt: skip
