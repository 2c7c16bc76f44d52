"""MW4xx: Liquid templates.

MW400-MW449 syntax, rendering, limits; MW450-MW469 escaping contexts; MW470-MW499 the data a template reads.
"""

from mailweave.diagnostics.model import Code, error, note, warning

CODES: tuple[Code, ...] = (
    error(
        "MW400", "liquid-syntax",
        "invalid Liquid: {problem}",
        "correct what is marked; docs/liquid.md says where Liquid systems differ",
        "The template is not Liquid as Shopify's parser reads it.",
    ),
    error(
        "MW401", "unknown-filter",
        "there is no filter `{name}`",
        "docs/filters.md lists all filters",
        "A misspelled filter would otherwise print the value unchanged.",
    ),
    error(
        "MW402", "unknown-tag",
        "there is no tag `{name}`",
        "Liquid has `if`, `unless`, `case`, `for`, `assign`, `capture` and a few more tags",
        "A misspelled tag would otherwise be left out of the e-mail without a word.",
    ),
    error(
        "MW403", "template-too-large",
        "the template is too large or too deep: {what}",
        "split it, or raise the limit in `budget`",
        "Parsing is bounded too: a template may come from a stranger.",
    ),
    error(
        "MW404", "missing-variable",
        "`{name}` is not in the data of this recipient",
        'give it a default (`| default: "..."`), test it first, or set `undefined = "lenient"`',
        "With `undefined` set to strict or default, a hole in the data stops the e-mail instead of showing.",
    ),
    error(
        "MW405", "render-over-budget",
        "rendering stopped: more than {limit} {what}",
        "loop over less, or raise the limit in `budget`",
        "Each recipient has a budget of steps, output and memory; one who exceeds it is left out, alone.",
    ),
    error(
        "MW406", "render-failed",
        "rendering failed: {problem}",
        "test the value first (`{{% if %}}`), or give it a default",
        "The data of this recipient does not fit what the template does with it.",
    ),
    error(
        "MW407", "filter-failed",
        "filter `{name}` failed: {problem}",
        "look up in docs/filters.md which values and arguments it takes",
        "A filter could not work with this value. The value itself is not shown: it may be personal.",
    ),
    error(
        "MW408", "not-plain-data",
        "a value of type {type} cannot be used in a template",
        "pass plain data: text, numbers, true, false, null, lists, mappings, dates",
        "Templates see plain data only, so that no template can reach into the program around it.",
    ),
    error(
        "MW409", "no-such-partial",
        "there is no partial `{name}`",
        "a campaign has no partials: make a block of it, or a `[let]` in campaign.toml",
        "`include` and `render` take their text from the partials that a program gives (`Template.from_string`).",
    ),
    error(
        "MW410", "unfillable-slot",
        "this slot cannot be filled: {problem}",
        "put each slot once into the layout itself, by a name that the rules declare",
        "A slot stands once in a layout, in text: outside loops, captures and partials.",
    ),
    error(
        "MW411", "foreign-syntax",
        "this is {system} syntax, not Liquid",
        "write {instead}",
        "Templates copied from another system often keep its habits.",
    ),
    error(
        "MW412", "data-too-deep",
        "the data that is used here is nested too deeply, or holds itself",
        "pass data whose lists and mappings end: nothing an e-mail shows has hundreds of levels",
        "Data that holds itself has no text, and no end to compare it to.",
    ),
    error(
        "MW420", "not-strict2",
        "strict2 Liquid refuses this: {problem}",
        'write it as said, or take `liquid = "strict2"` out of campaign.toml',
        "In strict2 mode nothing in a tag or output is guessed or passed over in silence.",
    ),
    note(
        "MW421", "template-interpreted",
        "this template is interpreted, not compiled: {reason}",
        "nothing is wrong; where speed counts, write it without what is named",
        "An interpreted template gives the same e-mails, several times slower.",
    ),
    note(
        "MW422", "parts-rendered-separately",
        "HTML and text of this template are rendered one after the other: {reason}",
        "nothing is wrong; where speed counts, write it without what is named",
        "Most templates write both in one walk over the data, which takes half the time.",
    ),
    error(
        "MW423", "filter-raised",
        "filter `{name}`, which is your own, raised {error}",
        "mend the filter: it is called with any value that the data may hold",
        "A filter of a caller that fails stops the e-mail of that recipient, and of nobody else.",
    ),
    warning(
        "MW424", "foreign-merge-tag",
        "`{found}` is a form of {system}; it would be sent as it stands",
        "write `{instead}`, or in `{{% raw %}}` what shall be sent so",
        "Texts moved from another product keep its merge tags, and readers would see them.",
    ),
    error(
        "MW450", "output-in-markup",
        "an output cannot stand in {where}",
        "put it into text or a quoted attribute; to choose a tag or attribute, write both in `if` branches",
        "A value there would become markup: no escaping makes it safe.",
    ),
    error(
        "MW451", "no-safe-escaping",
        "no escaping makes an output safe in {where}",
        "put the value into text, a quoted attribute, the path or query of a URL, or a string",
        "What cannot be proved safe is refused, with its place.",
    ),
    error(
        "MW452", "branches-disagree",
        "the branches end in different places: {one}, and {other}",
        "close in each branch what it opens",
        "What follows would be read in two ways, and escaped wrongly for one of them.",
    ),
    error(
        "MW453", "loop-changes-html-context",
        "each turn of this loop ends in another place of the HTML",
        "close in the loop what it opens",
        "A loop must leave the HTML where it found it.",
    ),
    error(
        "MW454", "unfinished-html",
        "the template ends in {where}",
        "close what is open",
        "What comes behind the template would become part of it.",
    ),
    error(
        "MW455", "unfinished-capture",
        "what is captured as `{name}` ends in {where}",
        "capture a whole piece of HTML, or plain text",
        "A capture is written somewhere else: it must stand for itself.",
    ),
    error(
        "MW456", "broken-markup",
        "broken markup: {what}",
        "quote attributes, close tags, and keep a name in one piece",
        "Mail programs read such markup in different ways, so that no escaping is right for all of them.",
    ),
    error(
        "MW457", "unclear-url-part",
        "the output stands in {where}",
        "give each branch the whole URL, or write `?` before the branches",
        "A path and a query are escaped differently.",
    ),
    error(
        "MW458", "computed-scheme",
        "the scheme of this URL comes out of a value",
        "write the scheme in the template: `https://{{{{ host }}}}`",
        "A value could say `javascript`.",
    ),
    warning(
        "MW459", "safe-without-trust",
        "`safe` has no effect here: the value is escaped",
        "write `trusted = true` in the block's `block.toml`, if all of its data is",
        "Only a block that declares its data trusted may write HTML out of values.",
    ),
    note(
        "MW460", "unescaped-output",
        "`safe` writes this value unescaped",
        "nothing is wrong if the value comes from you; else leave `safe` out",
        "The block is declared trusted; each place that uses this is listed.",
    ),
    warning(
        "MW461", "filtered-html",
        "`{name}` holds HTML, and `{filter}` makes text of it: its tags will be visible",
        "use the filter on the values inside the capture",
        "A piece of HTML that has been worked on cannot be trusted to be whole.",
    ),
    note(
        "MW462", "output-in-comment",
        "the output is left out: it stands in {where}",
        "take the comment out, or put the value where it is shown",
        "A value in a comment can only do harm.",
    ),
    error(
        "MW463", "partial-changes-place",
        "the partial `{name}` calls itself, starts in {start} and ends in {end}",
        "close in the partial what it opens",
        "A partial that calls itself must leave the HTML where it found it.",
    ),
    warning(
        "MW464", "value-names-host",
        "a value stands right beside the host of this link, and could name another one",
        "write `/` before the value, or write the host in the template",
        "`https://shop.example` and a value of `.evil.example` are one host. Where the template names the end of the host, "
        "a value that does not begin with `/`, `?` or `#` is blocked.",
    ),
    warning(
        "MW465", "value-behind-slash",
        "a value stands right behind the `/` that begins this link",
        "write the host before it: `https://shop.example/{{{{ path }}}}`",
        "`//name` is a host. A `/` at the start of the value is encoded; links without a host lead nowhere in a mail.",
    ),
    warning(
        "MW466", "value-in-mailto",
        "a value decides to whom this link writes",
        "write the address in the template; put a subject behind it: `?subject={{{{ subject }}}}`",
        "The value can be one address only: `?`, `&` and `,` in it are encoded.",
    ),
    error(
        "MW470", "undeclared-data",
        "there is no `{path}`",
        "write a name that is declared, or declare it in the rules or in block.toml",
        "Templates read declared data only; a misspelled name would print nothing.",
    ),
    error(
        "MW471", "data-type-mismatch",
        "`{path}` is {what} and cannot be {use}",
        "read a value of the type that is needed here, or change the declaration",
        "The declared type does not bear what the template does with it.",
    ),
    warning(
        "MW472", "list-as-text",
        "`{path}` is a list: its members would be written without anything between them",
        'write `| join: ", "`',
        "`rock` and `jazz` would be printed as `rockjazz`.",
    ),
    error(
        "MW473", "template-consent-not-required",
        "reading `{path}` needs consent `{consent}`, which this block does not require",
        "add `requires consent.{consent}` to the block, or read something else",
        "A field labelled for a purpose cannot reach a recipient who has not consented to that purpose.",
    ),
    note(
        "MW474", "unread-attribute",
        "no rule and no template reads `profile.{name}`",
        "leave it out of the data",
        "Data that nothing needs should not be collected.",
    ),
    note(
        "MW475", "may-be-missing",
        "`{path}` may be missing, and nothing would be written",
        'give it a default: `| default: "..."`',
        'With `undefined = "lenient"` a missing value prints nothing: a greeting would end in a bare comma.',
    ),
    warning(
        "MW476", "missing-stops-the-email",
        "`{path}` may be missing, and the e-mail would then not be sent",
        'test it first and give it a default, or set `undefined = "lenient"`',
        "In this campaign a missing value is an error for its recipient.",
    ),
    warning(
        "MW477", "unknown-member-compared",
        "`{path}` is never `{value}`",
        "compare with a member of the enum, or add this one to the declaration",
        "The declared enum has no such member: the comparison is always false.",
    ),
    error(
        "MW478", "consent-outside-block",
        "reading `{path}` needs consent `{consent}`, and this text is written for everybody",
        "move it into a block that has `requires consent.{consent}`",
        "A field labelled for a purpose cannot reach a recipient who has not consented to that purpose.",
    ),
)  # fmt: skip
