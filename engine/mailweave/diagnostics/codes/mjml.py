"""MW640 to MW659: layouts and blocks that are written in MJML."""

from mailweave.diagnostics.model import Code, error, note, warning

CODES: tuple[Code, ...] = (
    error(
        "MW640", "unknown-mjml-component",
        "`<{name}>` is no component of MJML",
        "HTML stands in `<mj-raw>`, or in a component that holds HTML, such as `<mj-text>`",
        "The compiler would write it into the mail as it stands, or leave it out.",
    ),
    error(
        "MW641", "misplaced-mjml-component",
        "`<{name}>` may not stand in `<{parent}>`",
        "`<{parent}>` holds {held}",
        "The compiler would leave it out, or write tables that do not fit into each other.",
    ),
    error(
        "MW642", "broken-mjml",
        "this is no MJML: {what}",
        "close each component where it belongs, or write it with `/>`",
        "Where a component ends decides what stands in it; a guess would move parts of the mail.",
    ),
    error(
        "MW643", "refused-mjml-component",
        "`<{name}>` cannot be used: {why}",
        "write its HTML in `<mj-raw>`",
        "A component that would come out broken in the mail is refused when it is written.",
    ),
    warning(
        "MW644", "unknown-mjml-attribute",
        "`{name}` of `<{parent}>` {why}",
        "take it out, or write the attribute that is meant; docs/mjml.md names the page of all",
        "MJML leaves out what it does not know, so the mail would not look as its source says.",
    ),
    error(
        "MW645", "mjml-value-out-of-data",
        "`{name}` of `<{parent}>` is needed when the campaign is compiled, and Liquid writes it for each recipient",
        "write the value, or put a condition around the component; texts, addresses, colours and fonts may hold Liquid",
        "Widths, paddings and borders decide over all that stands in a component and beside it.",
    ),
    error(
        "MW646", "misplaced-liquid-in-mjml",
        "Liquid stands in {place}: nothing of MJML keeps it there",
        "put it into a text, a value, `<mj-raw>` or `<mj-style>`, or around a section, a column or a part of one",
        "The compiler would leave it out or move it, and a condition would hold for something else.",
    ),
    error(
        "MW647", "words-between-mjml-components",
        "words stand in `<{parent}>`, outside of a component that holds words",
        "put them into `<mj-text>`, HTML into `<mj-raw>`",
        "MJML leaves out words between components, and nobody would read them.",
    ),
    warning(
        "MW648", "dropped-mjml-attribute",
        "the compiler makes nothing of `{name}` of `<{parent}>`",
        "take it out, or say it in `<mj-style>` by a `css-class`; docs/mjml.md lists what differs",
        "MJML knows the attribute, so the mail would not look as its source says, and no one would be told.",
    ),
    error(
        "MW649", "unusable-include",
        "`{path}` cannot be included: {why}",
        "name a file of the campaign's folder, by its path from the file that includes it",
        "What a page includes is part of the campaign, so it lies in its folder.",
    ),
    error(
        "MW650", "mjml-column-without-width",
        "`<{name}>` stands beside Liquid in `<{parent}>` and has no `width`",
        "give each column of it a `width`, such as `width=\"50%\"`",
        "MJML divides a row by the number of columns when the campaign is compiled, also of those that only some get.",
    ),
    error(
        "MW651", "liquid-lost-in-mjml",
        "`{what}` came out {count} times, and may come out {most} times at most, once at least",
        "write that part as HTML in `<mj-raw>`",
        "What the compiler leaves out or repeats would be missing in the mail, or counted twice.",
    ),
    error(
        "MW652", "uncompiled-mjml",
        "the compiler of MJML fails: {why}",
        "look at values that were changed last; if all is right, tell us with the file",
        "What cannot be compiled has no HTML that could be sent.",
    ),
    error(
        "MW653", "two-sources",
        "{file} lies beside {other}, and both would be the {part}",
        "take one of them out, or name the layout in campaign.toml",
        "Which of the two is meant cannot be known, and a guess would send the other one.",
    ),
    error(
        "MW654", "liquid-across-mjml",
        "`{tag}` has no other half between the parts of the same component",
        "open and close a condition or a loop between the parts of one component",
        "A condition around half a component would leave a table open for some recipients.",
    ),
    error(
        "MW655", "mjml-block-in-html",
        "this block is MJML, and its slot `{slot}` stands in HTML: in `<mj-raw>` or a text",
        "move the slot between sections, columns or parts of a column, or write block.html",
        "The components of a block need the column or the body around them to know how wide they are.",
    ),
    error(
        "MW656", "mjml-block-with-head",
        "a block has no page and no head of its own",
        "leave the parts of its body; move what its head says to the head of layout.mjml",
        "A mail has one head, and what a block said there would hold for all others.",
    ),
    note(
        "MW657", "left-out-of-mjml",
        "{what} was left out: {why}",
        "look at the mail, and say it in another way where it is missed",
        "What the compiler makes nothing of would be a warning at each check.",
    ),
)
