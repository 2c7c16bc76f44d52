"""MW6xx: blocks, links, sizes."""

from mailweave.diagnostics.model import Code, error, warning

CODES: tuple[Code, ...] = (
    error(
        "MW601", "toml-syntax",
        "this is not TOML: {problem}",
        "see https://toml.io; texts stand in quotes, one `key = value` a line",
        "A settings file that cannot be read says nothing about what its author wanted, so nothing is guessed.",
    ),
    error(
        "MW602", "unknown-key",
        "unknown key `{key}`",
        "known here: {known}",
        "A misspelt key would be ignored silently, and the mail would go out without what it asked for.",
    ),
    error(
        "MW603", "wrong-value",
        "`{key}`: {problem}",
        "write the key as docs/campaign.md shows it for campaign.toml, blocks/README.md for block.toml",
        "Each key has one type; a value of another type is refused where it is written.",
    ),
    error(
        "MW604", "unknown-block",
        "unknown block `{name}`",
        "`mailweave blocks` lists the stock blocks; a campaign's own are folders in its blocks/",
        "A block is looked for in the campaign's own folder first, then among the stock blocks.",
    ),
    error(
        "MW605", "missing-block-file",
        "block `{name}` has no {file}",
        "a block is a folder with block.toml and block.html, or block.mjml",
        "The HTML is what most readers see, and block.toml says which inputs it takes.",
    ),
    error(
        "MW606", "unknown-input",
        "block `{block}` has no input `{key}`",
        "its inputs: {known}",
        "A misspelt input would be ignored silently, and the block would show its default instead.",
    ),
    error(
        "MW607", "wrong-input",
        "input `{key}` of block `{block}` {problem}",
        "block.toml declares the type of each input, and `mailweave blocks` shows those of stock blocks",
        "Inputs are typed, so that a wrong value is found before anything is rendered.",
    ),
    error(
        "MW608", "unknown-layout",
        "unknown layout `{name}`",
        "stock layouts: {known}",
        "A layout is the frame that holds the slots; a campaign has its own, layout.html or layout.mjml, or a stock one.",
    ),
    warning(
        "MW609", "low-contrast",
        "`{front}` on `{back}` has a contrast of {ratio}:1, less than 4.5:1",
        "make one of the two colours darker or lighter",
        "Below 4.5:1 many readers cannot make out the text (WCAG 2.2, level AA).",
    ),
    error(
        "MW610", "unknown-theme-variable",
        "unknown theme variable `--mw-{name}`",
        "known: {known}",
        "Theme variables are replaced when the campaign is compiled; an unknown one would leave a hole in the CSS.",
    ),
    error(
        "MW611", "not-utf8",
        "{file} is not UTF-8 text",
        "save the file as UTF-8",
        "Guessing another encoding would garble names and currency signs.",
    ),
    warning(
        "MW620", "marks-in-plain-text",
        "`{found}` is shown with its signs: {where}",
        "{instead}",
        "Only inputs of type `rich` read marks; everywhere else a text is what it says, sign by sign.",
    ),
    warning(
        "MW621", "beyond-rich-text",
        "{what} is no part of a rich text, and is shown as it is written",
        "{instead}",
        "A rich text has bold, italic, links, lists and line breaks; all else looks broken in some mail client.",
    ),
    error(
        "MW622", "condition-across-marks",
        "the block of `{tag}` begins and ends in different parts of a rich text, or does not end in it",
        "put its tags into the same paragraph, item or pair of marks, or around whole ones, on lines of their own",
        "Where a condition fails, half of a paragraph, a list or a link would be left; which half is not guessed.",
    ),
    error(
        "MW623", "unusable-link-target",
        "the link to `{target}` {problem}",
        "write [words](https://..), with https://, http://, mailto:, tel: or a value such as {{{{ profile.url }}}}",
        "A mail has no page that a link could be relative to, and other schemes run code or lead nowhere.",
    ),
    error(
        "MW624", "liquid-beside-marks",
        "{what} cannot stand in a text with marks",
        "use outputs, `if`, `unless`, `case`, `for` and `assign`; compute the rest in `[let]` of campaign.toml",
        "A rich text becomes markup when the campaign is compiled; what cannot be followed there is not let in.",
    ),
    error(
        "MW625", "marks-out-of-place",
        "input `{key}` of block `{block}` holds {what}, and the block does not show these {where}",
        "leave these marks out, or show the input in a <p>, <span>, <div> or <td> of its own: <p>{{{{ block.{key} }}}}</p>",
        "What a place cannot hold would be left out, or tear the page apart.",
    ),
    error(
        "MW626", "name-of-block",
        "the name `{name}` is used by the template of block `{block}`, too",
        "choose another name",
        "A text with marks becomes part of its block; a name that both use would have one value for both.",
    ),
    error(
        "MW627", "list-too-deep",
        "this list is more than {most} deep",
        "make its items part of the list around it, or begin a list of its own below",
        "On a telephone, what is moved in so far has no room left.",
    ),
)  # fmt: skip
