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
        "a block is a folder with block.toml and block.html",
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
        "A layout is the frame that holds the slots; a campaign has its own layout.html or names a stock one.",
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
)  # fmt: skip
