"""MW66x and MW67x: what a person looks at after a template of another system became a campaign."""

from mailweave.diagnostics.model import Code, error, note, warning

CODES: tuple[Code, ...] = (
    error(
        "MW660", "no-equal",
        "`{what}` has no equal here: {why}",
        "{todo}",
        "What cannot be said is never guessed: a comment with this code stands in its place, a value there is "
        "empty, and what stands under a condition there is not shown.",
    ),
    warning(
        "MW661", "was-unescaped",
        "`{what}` was written as HTML; here it is escaped",
        "leave it if it is a text; if it is HTML of your own, move it to a block whose block.toml says `trusted = true`",
        "Nobody can see from a template who wrote the value: it stays escaped until somebody says so.",
    ),
    warning(
        "MW662", "guessed-meaning",
        "`{what}` is taken for {kind}, which only the data can say",
        "give the data of one recipient: --data FILE",
        "In this language one sign means a list, a record and a condition, by the data that comes.",
    ),
    error(
        "MW663", "data-from-outside",
        "`{what}` asks a server while the mail is made; here nothing is asked",
        "{todo}",
        "A mail is made of what is known when the sending begins; then the same data give the same mail.",
    ),
    error(
        "MW664", "skip-by-hand",
        "the condition of `{what}` cannot be said in the rules",
        'write it: skip name "why" when ..; until then these recipients get the mail',
        "Who gets no mail is said in the rules, which ask profile, consent and events, and no template.",
    ),
    error(
        "MW665", "not-that-dialect",
        "this is not {dialect}: {why}",
        "mend it there, where it can be tried, or name its own dialect with --from",
        "A template that its own system cannot read has no meaning that could be kept.",
    ),
    error(
        "MW666", "too-deep-for-a-profile",
        "`{what}` is {kind}: an attribute cannot be that",
        "{todo}",
        "Attributes are values, sets of values and lists of flat records, so that rules, SQL and templates read the same.",
    ),
    note(
        "MW667", "made-up-settings",
        "{what} are made up",
        "write your own",
        "No template says them, and no mail may go without.",
    ),
    error(
        "MW668", "unusable-map",
        "`{key}`: {why}",
        'write [paths] with lines such as "user.city" = "profile.city"; a target begins with profile, events, lists, '
        "context or campaign",
        "A target that no template reads would lose the value without a word.",
    ),
    warning(
        "MW669", "nearly-equal",
        "`{what}` is written as `{instead}`: {difference}",
        "look at the mail with your own data",
        "Where two systems differ in details, the one that is left out may be the one you rely on.",
    ),
    note(
        "MW670", "guessed-types",
        "the types of {count} attributes are guessed from how the template reads them: {names}",
        "correct them in main.rules, or give the data of one recipient: --data FILE",
        "A value of another type is bad data, and its recipient gets no mail.",
    ),
    error(
        "MW671", "names-that-meet",
        "`{one}` and `{other}` would both be `{target}`",
        "give one of them another name: --map FILE",
        "Two values with one name would show one person the other's.",
    ),
    error(
        "MW672", "unusable-data",
        "the data cannot be used: {why}",
        "give one recipient as a JSON object, as the old system knew them",
        "The data of one recipient say what is a list, a record, a number; half of them would say it wrongly.",
    ),
    note(
        "MW673", "pictures-of-a-mail",
        "{count} pictures stay where they are: {what}",
        "see that they stay there as long as the mail is read, or move them to your own server",
        "A mail is read for years, and shows a hole where a picture was taken away.",
    ),
    warning(
        "MW674", "no-sections-found",
        "{what} is one piece: no rows, tables or boxes are its sections",
        "cut it by hand: docs/layouts.md",
        "Sections are found by the elements of the page's column, which here are not closed, or only one.",
    ),
    warning(
        "MW675", "marks-kept-as-words",
        "`{what}` looks like a mark of a template language; it is shown as it stands",
        "name that language with --from, or write the words",
        "HTML has no such marks: a reader would see the braces.",
    ),
    note(
        "MW676", "no-consent-asked",
        "nothing asks who has agreed to this mail: the rules declare no consent",
        'have it in the data, and write `consent marketing` and skip no_consent "has not agreed" when not '
        "consent.marketing; a mail that needs no consent, such as a receipt, stays as it is",
        "The old system kept who has agreed beside its templates; a consent that no data hold is not made up.",
    ),
    note(
        "MW677", "data-not-read",
        "{count} values of the data are left out, because the template does not read them: {names}",
        "declare those that rules are to ask for in main.rules, and add them to recipients/sample.json",
        "A profile holds what is declared, and a template declares what it reads.",
    ),
)  # fmt: skip
