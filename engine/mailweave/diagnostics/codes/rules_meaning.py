"""MW2xx: names, types and meaning of rules."""

from mailweave.diagnostics.model import Code, error, note

CODES: tuple[Code, ...] = (
    # ---- names
    error(
        "MW201", "declared-twice",
        "`{name}` is declared twice",
        "give one of them another name",
        "A name means one thing in all rules of a campaign; two declarations would contradict each other.",
    ),
    error(
        "MW202", "differs-by-case",
        "`{name}` differs from `{other}` only by case",
        "give one of them another name",
        "Data bases fold case: such twins would be one name in SQL and two here.",
    ),
    error(
        "MW203", "unknown-name",
        "unknown {what} `{name}`",
        "write a name that the rules declare, or declare this one",
        "A misspelt name would be a datum that is always missing, and a condition that nobody meets.",
    ),
    error(
        "MW204", "unknown-member",
        "`{name}` is no member of {enum}",
        "write one of its members, or add this one to the declaration",
        "A comparison with what is no member would be false for everybody, in silence.",
    ),
    error(
        "MW205", "ambiguous-member",
        "`{name}` is a member of {enum}, and also a name of its own",
        "give one of them another name",
        "Opposite an enum a bare name is a member; where it could be both, no reader would know.",
    ),
    error(
        "MW206", "section-twice",
        "`{word}` is declared twice",
        "join the two declarations",
        "Two of them could disagree, and nothing says which one counts.",
    ),
    error(
        "MW207", "ruleset-first",
        "`ruleset` stands first",
        "move it to the top",
        "It names what follows, so a reader and a report find it in the first line.",
    ),
    error(
        "MW208", "ruleset-missing",
        "a text with slots and blocks starts with its name",
        'put `ruleset "name" version 1` at the top',
        "Reports and experiments name the rules that decided; a schema with segments alone may do without.",
    ),
    error(
        "MW209", "shadows",
        "the parameter `{name}` has the name of {other}",
        "give the parameter another name",
        "A name means one thing wherever it stands.",
    ),
    # ---- values
    error(
        "MW210", "value-out-of-range",
        "value out of range: {problem}",
        "write a value that fits",
        "A value is refused where it is written, rather than rounded, cut or carried over.",
    ),
    error(
        "MW211", "no-fixed-length",
        "a {unit} has no fixed length",
        "write it in days, or take whole ones of the calendar: `in last 3 calendar months`",
        "Months have 28 to 31 days and years 365 or 366, so a number of seconds would be a guess.",
    ),
    error(
        "MW212", "time-at-clock-change",
        "this time {problem} in {zone}, where the clocks change",
        "write its offset: `2026-11-01T01:30-04:00`",
        "When clocks go forward, some local times do not exist; when they go back, some come twice.",
    ),
    error(
        "MW213", "unknown-zone",
        "unknown time zone `{name}`",
        "zones have names like `Europe/Paris`",
        "Local days are counted in this zone; an unknown one has none.",
    ),
    error(
        "MW214", "count-not-positive",
        "expected a positive whole number",
        "write 1 or more",
        "Zero of something asks for nothing, and would hide a mistake.",
    ),
    # ---- declarations
    error(
        "MW220", "unknown-type",
        "unknown type `{name}`",
        "types are {known}, `set of ..` and `list of {{..}}`",
        "Every value has a declared type, by which comparisons are checked before anything is sent.",
    ),
    error(
        "MW221", "collection-not-allowed",
        "a set or a list cannot stand here",
        "sets and lists hold plain values, and only the profile has them",
        "Events, items and arguments are flat, so that every rule can also be said in SQL.",
    ),
    error(
        "MW222", "second-profile-key",
        "the profile has a key already, `{name}` would be the second",
        "declare one of them as text",
        "The key tells recipients apart: two of them could disagree about who is who.",
    ),
    error(
        "MW223", "label-twice",
        "`{label}` is listed twice",
        "keep one of the two",
        "Two labels of one kind could contradict each other.",
    ),
    error(
        "MW224", "type-without-bounds",
        "{type} has no bounds",
        "`min` and `max` are for numbers, money, dates, instants and durations",
        "A bound is for amounts and times; a value of this type is never more or less than another.",
    ),
    error(
        "MW225", "bounds-crossed",
        "the least value of `{name}` is above the greatest",
        "exchange the two bounds, or correct one of them",
        "No value lies between such bounds.",
    ),
    error(
        "MW226", "default-outside-bounds",
        "the default of `{name}` lies outside its bounds",
        "choose a default within `min` and `max`, or widen them",
        "The default stands in for a missing value, and must be one that the data could have.",
    ),
    error(
        "MW227", "rfm-needs-amount",
        "`{ranking}` needs an amount of the event `{event}`, and no `where`",
        "write `{ranking}(purchase.total in last 365 days)`",
        "`rfm` ranks everybody by how recently, how often and for how much they bought; the amount is the "
        "third, and `monetary` ranks by it alone.",
    ),
    error(
        "MW228", "taken-by-the-data",
        "`{name}` is where the data has {what}",
        "give the property another name in the data, and declare that one",
        "Under one name the data holds one thing: a property there would hide it, or be hidden by it.",
    ),
    error(
        "MW229", "ranking-takes-no-field",
        "`{ranking}` is over the event `{event}` alone, without a field and without `where`",
        "write `{ranking}({event} in last 365 days)`",
        "`recency` ranks everybody by their newest event, `frequency` by how many there are; neither "
        "reads what an event holds.",
    ),
    error(
        "MW239", "catalog-lacks-fields",
        "the catalogue `{other}` does not declare {fields} as `{catalog}` does",
        "declare the fields of `{catalog}` in it, with the same types, or take `{catalog}` itself",
        "Templates read the fields of the list's own catalogue, whichever catalogue an item comes from.",
    ),
    # ---- types
    error(
        "MW230", "wrong-type",
        "expected {wanted}, found {found}",
        "take an attribute, a field or a literal of the expected type",
        "Nothing is converted by itself: a guess could change who gets the mail.",
    ),
    error(
        "MW231", "not-a-condition",
        "this is {type}, not a condition",
        "a condition is a comparison, a question such as `is known`, a segment or a bool",
        "Which numbers or texts count as true differs from language to language, so none do here.",
    ),
    error(
        "MW232", "not-a-value",
        "`{name}` is the name of {kind}, not a value",
        "values are attributes, fields, scores, literals and what is computed from them",
        "An event is a history and a lookup a table: neither is one value that could be compared.",
    ),
    error(
        "MW233", "unsupported-arithmetic",
        "there is no {left} {op} {right}",
        "use two values of one type, or money and a whole number",
        "Units are types: a sum of two currencies, or of days and clicks, means nothing.",
    ),
    error(
        "MW234", "not-callable",
        "`{name}` is the name of {kind} and takes no arguments",
        "leave the brackets out",
        "Only a `let` with parameters and a `lookup` take arguments.",
    ),
    error(
        "MW235", "invalid-lookup-key",
        "the key of `{name}` is a literal or an attribute, of type {type}",
        "give it a literal or an attribute of that type",
        "Keys that are known beforehand can be fetched for all recipients at once.",
    ),
    error(
        "MW236", "argument-count",
        "`{name}` takes {wanted} arguments, not {found}",
        "give it as many as its declaration names",
        "A missing argument has no default, and one too many would be ignored.",
    ),
    error(
        "MW237", "expression-too-large",
        "`{name}` stands for too large an expression",
        "lets in lets multiply: split it into segments, whose names cost nothing",
        "Each use of a `let` is its whole expression; nested ones multiply until no machine can check them.",
    ),
    error(
        "MW238", "cyclic-definition",
        "`{name}` is defined in terms of itself: {circle}",
        "break the cycle",
        "What a name means must be clear without the name itself; else there is no answer.",
    ),
    error(
        "MW240", "incomparable-types",
        "{left} is not compared with {right}",
        "compare two values of one type",
        "Units are types: nothing converts by itself, and no comparison is silently false.",
    ),
    # ---- windows
    error(
        "MW241", "window-beyond-keep",
        "the history of `{event}` does not reach that far",
        "shorten the window, or keep the event longer",
        "Absence of evidence is no evidence: beyond what is kept, nobody knows what happened.",
    ),
    error(
        "MW242", "invalid-window-length",
        "`{name}` is no length of time",
        "write a number and a unit, such as `{unit}`; a name may stand here only as a parameter of its "
        "`let`",
        "How far a window reaches is checked before anything runs, so its length is written out.",
    ),
    error(
        "MW243", "window-argument-not-literal",
        "a window takes a duration that is written out",
        "call it with one, such as `14 days`",
        "Only so can be checked beforehand that the history of the event reaches that far.",
    ),
    error(
        "MW244", "no-calendar-unit",
        "the calendar has no whole {unit}s",
        "calendar windows count days, weeks, months and years; write `last 24 hours` without `calendar`",
        "A calendar window runs from midnight to midnight of the recipient; shorter units have no such "
        "bounds.",
    ),
    error(
        "MW245", "unordered-type",
        "{type} has no order",
        "compare it with `==`, `!=` or `in`",
        "Data bases sort texts in different ways, and other values have no order at all.",
    ),
    error(
        "MW246", "list-item-not-constant",
        "only constants stand in a list",
        "compare with `==`, joined by `or`",
        "With a missing value in a list, `not in` would hold for nobody.",
    ),
    error(
        "MW247", "date-with-exact-window",
        "a date has no time of day",
        "write whole days: `in {direction} 7 calendar days`",
        "An exact window counts hours back from now; a date says nothing about the hour.",
    ),
    error(
        "MW248", "unsupported-contains",
        "{left} does not contain {right}",
        "a set contains its items, a text contains text",
        "`contains` asks a set for an item, or a text for a part of it; it converts neither.",
    ),
    note(
        "MW249", "glob-looks-like-regex",
        "`matches` takes a glob, and this looks like a regular expression, or a pattern of SQL",
        "`*` stands for any characters, `?` for one; everything else for itself",
        "Globs mean the same in every SQL dialect, regular expressions do not.",
    ),
    # ---- events and aggregates
    error(
        "MW250", "never-beyond-keep",
        "`{event}` is kept for {days} days, so `never` cannot be known",
        "write `no {event} in last {days} days`, or declare it with `keep forever`",
        "Absence of evidence is no evidence.",
    ),
    error(
        "MW251", "not-an-event",
        "`{name}` is {kind}, not an event",
        "windows and aggregates run over events; aggregates also over a list of records",
        "A window looks at when something happened, and only events have an instant.",
    ),
    error(
        "MW252", "window-in-where",
        "inside `where` there are no other events",
        "compare the fields of the event at hand with values",
        "`where` looks at one event or item at a time and chooses among those; windows do not nest.",
    ),
    error(
        "MW253", "future-events",
        "events of the future are not seen",
        "ask `{event} in last ..`",
        "The history ends now; a planned event is data of the profile, such as an instant or a date.",
    ),
    error(
        "MW254", "list-without-time",
        "the items of `{name}` have no time and no order",
        "`count`, `sum`, `min`, `max`, `avg` and `distinct` run over a list, without a window",
        "A window needs an instant, and `first` and `last` an order; the records of a list have neither.",
    ),
    error(
        "MW255", "aggregate-field-missing",
        "`{function}` needs a field of `{over}`",
        "write `{function}({over}.field ..)`",
        "An event has several fields: which of them is added up or compared must be said.",
    ),
    error(
        "MW256", "unknown-field",
        "`{over}` has no field `{name}`",
        "write a field of the declaration, or add this one to it",
        "A misspelt field would be missing in every event, and the condition would hold for nobody.",
    ),
    error(
        "MW257", "count-of-field",
        "`count` counts events or items, not fields",
        "write `count({over} where {field} is known)`, or `distinct({over}.{field})`",
        "An event with a missing field still happened; whether it counts must be said.",
    ),
    error(
        "MW259", "no-such-currency",
        "there is no currency {currency}",
        "write a code of ISO 4217, such as money(USD)",
        "An amount in a currency that there is not cannot be shown: each mail with one would fail.",
    ),
    error(
        "MW258", "unsupported-aggregate",
        "there is no `{function}` of {type}",
        "take a field that has numbers, or an order; or count with `count` or `distinct`",
        "`sum` and `avg` need numbers or money; `min` and `max` need values with an order.",
    ),
    # ---- segments, tiers, skips
    error(
        "MW260", "not-a-segment",
        "`{name}` is the name of {kind}, not of a segment",
        "name a segment, or declare one with this condition",
        "Rows, overrides and expectations speak of segments, so that each group of people has one name.",
    ),
    error(
        "MW261", "complete-with-otherwise",
        "`{name}` is `complete` and has an `otherwise`",
        "keep one of them",
        "With an `otherwise` nobody can be lost, and the proof that `complete` asks for would be empty.",
    ),
    error(
        "MW262", "skip-may-be-unknown",
        "this can be unknown: {missing} may be missing",
        "say what then holds: `.. is known and ..`, or `.. is unknown or ..`",
        "A skip keeps mail from a person; whether it does is never guessed.",
    ),
    error(
        "MW263", "tier-gap",
        "`{name}` has a gap: no member holds where {witness}",
        "widen a member, or write `otherwise` instead of `complete`",
        "Whoever falls into the gap would be in no member, and `complete` promises that nobody is.",
    ),
    error(
        "MW264", "tier-undecided",
        "whether `{name}` is complete cannot be decided: {reason}",
        "write `otherwise` instead of `complete`",
        "The proof reasons with intervals over the values that the members compare with constants.",
    ),
    # ---- triggers
    error(
        "MW265", "not-a-cause",
        "`{name}` is {kind}: no mail starts on it",
        "a trigger starts on an event, on a date at a time of its day, or on entering a segment",
        "A mail that starts by itself needs a moment at which it does.",
    ),
    error(
        "MW266", "no-time-of-day",
        "`{text}` is no time of day",
        "write hours from 0 to 23 and minutes from 00 to 59, such as 9:00 or 21:30",
        "Clocks never show it, so nothing would ever be due.",
    ),
    error(
        "MW267", "cap-too-long",
        "mails are not counted over more than 400 days",
        "shorten the time of the cap",
        "A state remembers so long when a person was mailed; what it has forgotten it cannot count.",
    ),
    error(
        "MW268", "date-without-time",
        "`{name}` is a date: the time of its day is missing",
        "write `on {name} at 9:00`, and `in tz` behind it where an attribute says whose clocks count",
        "A day has no moment of its own; mail at midnight is seldom meant.",
    ),
    error(
        "MW269", "event-with-time",
        "`{name}` is an event: it happens at a moment of its own",
        "leave the time out; `wait 2 hours` sends later, `quiet hours 21:00 to 8:00` keeps mails out of the night",
        "`at` says when on the yearly day of a date a mail is due.",
    ),
    error(
        "MW270", "rules-over-budget",
        "the worst recipient takes {steps} steps, more than {limit}",
        "the most, {most}, are those of {dearest}",
        "A budget keeps rules fast for every recipient; the worst case is computed before anything runs.",
    ),
    # ---- imports
    error(
        "MW280", "missing-import",
        "there is no file `{name}` to import",
        "imports are looked for in the `libraries` of campaign.toml, in order",
        "What an imported file would say is missing, so nothing can be said of names that it might declare.",
    ),
    error(
        "MW281", "import-circle",
        "the imports form a circle: {way}",
        "take one of them out; a file is read once, however many others import it",
        "Files that import each other cannot be understood one by one.",
    ),
    error(
        "MW282", "not-for-import",
        "`{what}` cannot be imported",
        "an imported file holds segments, tiers, lets and the schema: move the rest into the campaign's own rules",
        "What a campaign sends, and to whom it does not, is decided in the campaign, where its author reads it.",
    ),
    error(
        "MW283", "event-of-the-engine",
        "`{name}` is declared by the triggers themselves",
        "take another name for this event",
        "It is the event of each mail that a trigger starts: its `name`, and its number, `mail`.",
    ),
    note(
        "MW284", "each-is-a-cause",
        "each `{event}` starts a mail of its own, several of them several mails",
        "where only the last one shall, write `unless {said}`: each then puts off those before",
        "Nothing is left out by itself: whether five changes of a cart are five causes or one, the author says.",
    ),
    error(
        "MW285", "always-quiet",
        "quiet hours from a time to the same time last all day: nothing would ever be mailed",
        "write when they begin and when they end: `quiet hours 21:00 to 8:00`",
        "A mail that is due in quiet hours waits for their end, and these have none.",
    ),
    # ---- notes
    note(
        "MW290", "always-known",
        "this is never missing, so the answer is always {answer}",
        "leave the question out, or write `?` behind the type if the value may be missing",
        "A question with one answer decides nothing; often the declaration says less than the data.",
    ),
    note(
        "MW291", "negation-skips-missing",
        "where {missing} is missing, this does not hold either",
        "if those are meant too, add `or {first} is unknown`",
        "An unknown value is neither equal nor different: as in SQL, neither holds.",
    ),
    note(
        "MW292", "unused-name",
        "the {kind} `{name}` is not used",
        "use it, or take it out",
        "What nobody uses has to be read and kept all the same; often a use of it was forgotten.",
    ),
    note(
        "MW293", "segment-never-true",
        "nobody can be in `{name}`",
        "look for conditions that exclude each other, such as two bounds in the wrong order",
        "Rows for this segment are dead, and whoever they were meant for gets something else.",
    ),
    note(
        "MW294", "segment-always-true",
        "everybody is in `{name}`",
        "leave the condition out, or say what was meant",
        "Rows below one for everybody are never reached.",
    ),
    note(
        "MW295", "quotient-equals",
        "`/` keeps its fraction, so this is equal only by chance",
        "ask for a range: `score.rfm >= 100 and score.rfm < 200` for `score.rfm / 100 == 1`",
        "In other languages whole numbers are divided to a whole number; here 155 / 100 is 1.55.",
    ),
)  # fmt: skip
