"""MW2xx: names, types and meaning of rules."""

from mailweave.diagnostics.model import Code, Severity

ERROR, NOTE = Severity.ERROR, Severity.NOTE

CODES: tuple[Code, ...] = (
    # ---- names
    Code(
        "MW201", "declared-twice", ERROR,
        "`{name}` is declared twice",
        "give one of them another name",
    ),
    Code(
        "MW202", "differs-by-case", ERROR,
        "`{name}` differs from `{other}` only by case",
        "give one of them another name",
        "Data bases fold case: such twins would be one name in SQL and two here.",
    ),
    Code(
        "MW203", "unknown-name", ERROR,
        "unknown {what} `{name}`",
    ),
    Code(
        "MW204", "unknown-member", ERROR,
        "`{name}` is no member of {enum}",
    ),
    Code(
        "MW205", "ambiguous-member", ERROR,
        "`{name}` is a member of {enum}, and also a name of its own",
        "give one of them another name",
        "Opposite an enum a bare name is a member; where it could be both, no reader would know.",
    ),
    Code(
        "MW206", "only-one", ERROR,
        "a text has one `{word}`",
        "join the two",
    ),
    Code(
        "MW207", "ruleset-first", ERROR,
        "`ruleset` stands first",
        "move it to the top",
    ),
    Code(
        "MW208", "ruleset-missing", ERROR,
        "a text with slots and blocks starts with its name",
        'put `ruleset "name" version 1` at the top',
        "Reports and experiments name the rules that decided; a schema with segments alone may do without.",
    ),
    Code(
        "MW209", "shadows", ERROR,
        "the parameter `{name}` has the name of {other}",
        "give the parameter another name",
        "A name means one thing wherever it stands.",
    ),
    # ---- values
    Code(
        "MW210", "no-such-value", ERROR,
        "{problem}",
    ),
    Code(
        "MW211", "no-fixed-length", ERROR,
        "a {unit} has no fixed length",
        "write it in days, or take whole ones of the calendar: `in last 3 calendar months`",
    ),
    Code(
        "MW212", "clock-change", ERROR,
        "this time {problem} in {zone}, where the clocks change",
        "write its offset: `2026-11-01T01:30-04:00`",
    ),
    Code(
        "MW213", "unknown-zone", ERROR,
        "unknown time zone `{name}`",
        "zones have names like `Europe/Paris`",
    ),
    Code(
        "MW214", "not-above-zero", ERROR,
        "a whole number above zero stands here",
    ),
    # ---- declarations
    Code(
        "MW220", "unknown-type", ERROR,
        "unknown type `{name}`",
        "types are {known}, `set of ..` and `list of {{..}}`",
    ),
    Code(
        "MW221", "not-scalar", ERROR,
        "a set or a list cannot stand here",
        "sets and lists hold plain values, and only the profile has them",
    ),
    Code(
        "MW222", "second-key", ERROR,
        "the profile has a key already, `{name}` would be the second",
        "declare one of them as text",
    ),
    Code(
        "MW223", "label-twice", ERROR,
        "`{label}` stands here twice",
    ),
    Code(
        "MW224", "no-bounds", ERROR,
        "{type} has no bounds",
        "`min` and `max` are for numbers, money, dates, instants and durations",
    ),
    Code(
        "MW225", "bounds-crossed", ERROR,
        "the least value of `{name}` is above the greatest",
    ),
    Code(
        "MW226", "default-outside", ERROR,
        "the default of `{name}` lies outside its bounds",
    ),
    Code(
        "MW227", "rfm-of-what", ERROR,
        "`rfm` needs an amount of the event `{event}`, and no `where`",
        "write `rfm(purchase.total in last 365 days)`",
    ),
    # ---- types
    Code(
        "MW230", "wrong-type", ERROR,
        "this is {found}; here stands {wanted}",
    ),
    Code(
        "MW231", "no-condition", ERROR,
        "this is {type}, not a condition",
    ),
    Code(
        "MW232", "no-value", ERROR,
        "`{name}` is the name of {kind}, not a value",
    ),
    Code(
        "MW233", "no-arithmetic", ERROR,
        "there is no {left} {op} {right}",
    ),
    Code(
        "MW234", "not-callable", ERROR,
        "`{name}` is the name of {kind} and takes no arguments",
    ),
    Code(
        "MW235", "lookup-key", ERROR,
        "the key of `{name}` is a literal or an attribute, of type {type}",
        why="Keys that are known beforehand can be fetched for all recipients at once.",
    ),
    Code(
        "MW236", "argument-count", ERROR,
        "`{name}` takes {wanted} arguments, not {found}",
    ),
    Code(
        "MW237", "too-large", ERROR,
        "`{name}` stands for too large an expression",
        "lets in lets multiply: split it into segments, whose names cost nothing",
    ),
    Code(
        "MW238", "circle", ERROR,
        "`{name}` is explained by itself: {circle}",
        "break the circle",
    ),
    Code(
        "MW240", "no-comparison", ERROR,
        "{left} is not compared with {right}",
        why="Units are types: nothing converts by itself, and no comparison is silently false.",
    ),
    # ---- windows
    Code(
        "MW241", "beyond-keep", ERROR,
        "the history of `{event}` does not reach that far",
        "shorten the window, or keep the event longer",
        "Absence of evidence is no evidence: beyond what is kept, nobody knows what happened.",
    ),
    Code(
        "MW242", "window-length", ERROR,
        "`{name}` is no length of time",
        "write a number and a unit, such as `{unit}`; a name may stand here only as a parameter of its `let`",
    ),
    Code(
        "MW243", "window-argument", ERROR,
        "a window takes a duration that is written out",
        "call it with one, such as `14 days`",
        "Only so can be checked beforehand that the history of the event reaches that far.",
    ),
    Code(
        "MW244", "no-calendar-unit", ERROR,
        "the calendar has no whole {unit}s",
        "calendar windows count days, weeks, months and years; write `last 24 hours` without `calendar`",
    ),
    Code(
        "MW245", "no-order", ERROR,
        "{type} has no order",
        "compare it with `==`, `!=` or `in`",
    ),
    Code(
        "MW246", "not-constant", ERROR,
        "only constants stand in a list",
        "compare with `==`, joined by `or`",
        "With a missing value in a list, `not in` would hold for nobody.",
    ),
    Code(
        "MW247", "date-window", ERROR,
        "a date has no time of day",
        "write whole days: `in {direction} 7 calendar days`",
    ),
    Code(
        "MW248", "cannot-contain", ERROR,
        "{left} does not contain {right}",
        "a set contains its items, a text contains text",
    ),
    Code(
        "MW249", "looks-regular", NOTE,
        "`matches` takes a glob, and this looks like a regular expression",
        "`*` stands for any characters, `?` for one; everything else for itself",
    ),
    # ---- events and aggregates
    Code(
        "MW250", "never-is-long", ERROR,
        "`{event}` is kept for {days} days, so `never` cannot be known",
        "write `no {event} in last {days} days`, or declare it with `keep forever`",
        "Absence of evidence is no evidence.",
    ),
    Code(
        "MW251", "not-an-event", ERROR,
        "`{name}` is {kind}, not an event",
        "windows and aggregates run over events; aggregates also over a list of records",
    ),
    Code(
        "MW252", "window-in-where", ERROR,
        "inside `where` there are no other events",
        "compare the fields of the event at hand with values",
    ),
    Code(
        "MW253", "future-events", ERROR,
        "events of the future are not seen",
        "ask `{event} in last ..`",
    ),
    Code(
        "MW254", "list-without-time", ERROR,
        "the items of `{name}` have no time and no order",
        "`count`, `sum`, `min`, `max`, `avg` and `distinct` run over a list, without a window",
    ),
    Code(
        "MW255", "field-missing", ERROR,
        "`{function}` needs a field of `{over}`",
        "write `{function}({over}.field ..)`",
    ),
    Code(
        "MW256", "unknown-field", ERROR,
        "`{over}` has no field `{name}`",
    ),
    Code(
        "MW257", "count-of-field", ERROR,
        "`count` counts events or items, not fields",
        "write `count({over} where {field} is known)`, or `distinct({over}.{field})`",
    ),
    Code(
        "MW258", "no-aggregate", ERROR,
        "there is no `{function}` of {type}",
    ),
    # ---- segments, tiers, skips
    Code(
        "MW260", "not-a-segment", ERROR,
        "`{name}` is the name of {kind}, not of a segment",
    ),
    Code(
        "MW261", "empty-proof", ERROR,
        "`{name}` is `complete` and has an `otherwise`",
        "keep one of them",
        "With an `otherwise` nobody can be lost, and the proof that `complete` asks for would be empty.",
    ),
    Code(
        "MW262", "skip-unknown", ERROR,
        "this can be unknown: {missing} may be missing",
        "say what then holds: `.. is known and ..`, or `.. is unknown or ..`",
        "A skip keeps mail from a person; whether it does is never guessed.",
    ),
    Code(
        "MW263", "tier-gap", ERROR,
        "`{name}` has a gap: no member holds where {witness}",
        "widen a member, or write `otherwise` instead of `complete`",
    ),
    Code(
        "MW264", "tier-undecided", ERROR,
        "whether `{name}` is complete cannot be decided: {reason}",
        "write `otherwise` instead of `complete`",
        "The proof reasons with intervals over the values that the members compare with constants.",
    ),
    Code(
        "MW270", "over-budget", ERROR,
        "the worst recipient takes {steps} steps, more than {limit}",
        "the most, {most}, are those of {dearest}",
    ),
    # ---- notes
    Code(
        "MW290", "always-known", NOTE,
        "this is never missing, so the answer is always {answer}",
    ),
    Code(
        "MW291", "missing-and-not", NOTE,
        "where {missing} is missing, this does not hold either",
        "if those are meant too, add `or {first} is unknown`",
        "An unknown value is neither equal nor different: as in SQL, neither holds.",
    ),
    Code(
        "MW292", "unused", NOTE,
        "the {kind} `{name}` is not used",
    ),
    Code(
        "MW293", "never-true", NOTE,
        "nobody can be in `{name}`",
    ),
    Code(
        "MW294", "always-true", NOTE,
        "everybody is in `{name}`",
    ),
)  # fmt: skip
