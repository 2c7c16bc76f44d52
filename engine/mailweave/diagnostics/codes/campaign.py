"""MW0xx: campaign folders and files."""

from mailweave.diagnostics.model import Code, error, note, warning

CODES: tuple[Code, ...] = (
    error(
        "MW001", "missing-file",
        "{what} is missing",
        "{todo}",
        "Nothing is guessed in place of a file or a folder that a command or a setting names.",
    ),
    error(
        "MW002", "invalid-json",
        "this is not JSON: {what}",
        "mend the JSON: names and texts in double quotes, no comma behind the last member, no comments",
        "A file that is read only in part would give other data than its author wrote.",
    ),
    error(
        "MW006", "unreadable-file",
        "{what} cannot be read: {why_not}",
        "save it as UTF-8 text",
        "A wrong guess at the encoding would garble names and currency signs in every mail.",
    ),
    error(
        "MW007", "forbidden-character-in-file",
        "{what} holds a character that no mail can carry: {which}",
        "remove it",
        "NUL and lone surrogates make HTML parsers drop what follows: a footer, an unsubscribe link.",
    ),
    error(
        "MW008", "outside-folder",
        "`{path}` lies outside {where}",
        "copy it into the folder",
        "A campaign is what lies in its folder: a path or a symbolic link that leads out could show any file.",
    ),
    error(
        "MW010", "slot-without-place",
        "the rules have a slot `{slot}`, but the layout has no place for it",
        'put {{% slot "{slot}" %}} into the layout',
        "What the rules choose for a slot that the layout does not show would reach nobody.",
    ),
    error(
        "MW011", "place-without-slot",
        "the layout has a place for `{slot}`, but no rule declares that slot",
        "declare `slot {slot} max 1 fallback ...` in a .rules file, or take the place out",
        "A place that no rule fills would stay empty in every mail.",
    ),
    error(
        "MW012", "no-subject",
        "no rule declares the text slot `subject`",
        "declare `slot subject text max 1 fallback ...` and a block that `says` it",
        "A mail without a subject looks like spam, so every campaign decides what its subject says.",
    ),
    error(
        "MW068", "subject-optional",
        "the slot `subject` is optional, but every mail needs a subject",
        "write `fallback` and a block that `says` it in place of `optional`",
        "Whoever no row is for would get a mail without a subject, which looks like spam.",
    ),
    error(
        "MW013", "block-without-content",
        "block `{block}` has no content",
        "make a folder blocks/{block}/ with block.html or block.mjml, or [blocks.{block}] with `use` in campaign.toml",
        "The rules may choose this block for somebody, and there would be nothing to show.",
    ),
    error(
        "MW014", "no-rules",
        "the campaign has no rules",
        "write a file that ends in .rules",
        "The rules say who gets which block; without them there is nothing to decide.",
    ),
    warning(
        "MW015", "no-unsubscribe",
        "no link to unsubscribe stands in the {part} {when}",
        "put {{{{ campaign.unsubscribe_url }}}} into the layout, or into a block that everybody gets; not under a "
        "condition, and not hidden",
        why="Whoever gets the mail must be able to stop it; mailbox providers and the law ask for it.",
    ),
    note(
        "MW016", "unused-block",
        "[blocks.{block}] is set, but no rule names that block",
        "take the section out of campaign.toml, or correct its name",
        "Settings of a block that is never chosen do nothing; most often its name is misspelt here or in "
        "the rules.",
    ),
    error(
        "MW019", "block-consent-not-required",
        "block `{block}` shows `{used}`, which needs the consent `{consent}`, but the rules do not require "
        "it",
        "write `requires consent.{consent}` behind `block {block}`",
        "What a block knows of a reader by consent may be shown only to those who gave it.",
    ),
    error(
        "MW020", "unusable-profile",
        "the profile cannot be used: {what}",
        "a profile is one JSON object; events are JSON objects, one or a list of them",
        "A recipient is given as names with values; a bare list or a bare text says nothing about anybody.",
    ),
    error(
        "MW021", "unknown-recipient",
        "no recipient has the key {key}",
        "look up the key in the list that campaign.toml names, or give the profile as a JSON file",
        "The recipient is looked for in the campaign's own list, by the attribute that the rules declare "
        "as `key`.",
    ),
    error(
        "MW022", "missing-extra",
        "{what} needs the packages of an extra",
        "pip install 'mailweave[{extra}]'",
        "Packages that most users never need are installed only when asked for.",
    ),
    error(
        "MW024", "request-not-possible",
        "this cannot be done as asked: {what}",
        "change the argument or the setting that is named, and run it again",
        "A command that lacks something does nothing, rather than a part of what was asked.",
    ),
    error(
        "MW025", "no-address",
        "this e-mail has no recipient's address, so it cannot become a message",
        "set `to` in campaign.toml; it is {{{{ profile.email }}}} by default",
        "A message is sent to somebody: without an address nobody would get it.",
    ),
    note(
        "MW026", "trusted-block",
        "block `{block}` shows `{used}`, which is trusted: its templates may write HTML as it is with `safe`",
        "nothing is wrong if all of its data comes from you; else take `trusted` out of its block.toml",
        "What `safe` lets through is escaped by nobody; so a check names every block that may use it.",
    ),
    error(
        "MW027", "schema-beyond-profile",
        "`{what}` {reason}",
        "change the schema, or declare the attribute by hand",
        "A profile holds values, sets of them and lists of flat records; what JSON Schema says beyond that would be lost.",
    ),
    error(
        "MW028", "list-beyond-rules",
        "`{what}` {reason}",
        "change the list, or declare what it holds by hand",
        "What rules cannot declare is read by nobody; a column that was left out in silence would be missed later.",
    ),
    error(
        "MW030", "unsafe-message",
        "the finished headers of a message are not as RFC 5322 asks: {what}",
        "report this: what a campaign renders never ends here",
        why="The headers are looked at once more before a message leaves, whoever put its parts together.",
    ),
    error(
        "MW031", "unwritable-header",
        "`{name}` cannot be written: its value {reason}",
        "render with a campaign, which skips such a recipient, or mend the part of the envelope",
        "A header is one line of limited form; a line break in it would begin a header of its own.",
    ),
    error(
        "MW040", "wrong-argument-type",
        "{field}: expected {expected}, got {got}",
        "convert the value before the call",
        "An argument that cannot be used is the caller's mistake, not a recipient's: it is told once, "
        "before anybody is rendered.",
    ),
    error(
        "MW041", "unusable-context",
        "the context cannot be used: {field}: expected {expected}, got {got}",
        "give the member the form that the rules declare, or take what `snapshot` of this campaign returned",
        "Lookups and catalogues are the same for all recipients; a wrong one would skip or spoil every mail.",
    ),
    error(
        "MW042", "events-out-of-step",
        "{field}: expected {expected}, got {got}",
        "give the events of each profile in step with the profiles, or a mapping of keys to events",
        why="Events of one recipient that are counted for the next one decide wrongly about both.",
    ),
    error(
        "MW043", "unreadable-row",
        "{field}: expected {expected}, got {got}",
        "mend the row, or declare the attribute with the type that the data has",
        "`coerce` reads values by their declared types and never guesses.",
    ),
    error(
        "MW044", "changed-campaign",
        "the campaign cannot be opened here: {what}",
        "compile the folder here",
        why="A campaign travels as its texts; what they compile to must be the same on both sides.",
    ),
    warning(
        "MW055", "no-amp-part",
        "no e-mail of this campaign has an AMP part: {why}",
        'mend what the findings name, or write `amp = "never"`',
        why='`amp = "always"`, or a block with an AMP form of its own, asks for one.',
    ),
    warning(
        "MW056", "string-not-read",
        "`{name}` of `[strings]` is no stock wording, and no template reads it",
        "the names of stock wordings are those of blocks/_wording/en.toml",
        "A misspelt name would change nothing, and the mail would say what stock blocks say.",
    ),
    warning(
        "MW060", "context-not-read",
        "`{name}` is declared by no rule and read by no template",
        "declare it in the rules, or leave it out of the context",
        "Under a misspelt name nothing is found, and every answer would be the one behind `else`.",
    ),
    error(
        "MW062", "translation-broken",
        "this translation does not fit its text: {why}",
        "write every `<1>`, `</1>` and `{{{{ }}}}` of the text once, in whatever order",
        "A missing placeholder is a name, a price or a link that readers of this language do not get.",
    ),
    error(
        "MW063", "catalogue-not-read",
        "this catalogue cannot be read: {what}",
        "a catalogue is a file of gettext, in UTF-8, named by its locale: locales/de.po",
        "Without it everybody who reads this language would be written to in another one.",
    ),
    warning(
        "MW064", "texts-untranslated",
        "no translation into `{locale}` of {missing} of {all} texts",
        "`mailweave translate check CAMPAIGN --missing` lists them; `mailweave translate update CAMPAIGN` adds them to "
        "the catalogue",
        "Who reads this language gets these texts in the campaign's own.",
    ),
    warning(
        "MW065", "variant-not-shown",
        "nobody is shown `{file}`: {why}",
        "name the file by a locale that the campaign speaks, block.de.html, and the locale in `locales`",
        "Whoever wrote it takes its readers to see it, and they get the block that stands beside it.",
    ),
    warning(
        "MW066", "picture-not-shown",
        "no template shows the picture `{address}`",
        "write the address as the template or the input has it, from `https://` to its end",
        "A misspelt one would leave the picture as it is for the readers whom another was made for.",
    ),
    warning(
        "MW061", "place-under-condition",
        "the place of the slot `{slot}` stands under a condition: where that fails, what was chosen is not shown",
        "put the place outside, and the condition into the rules: into a row's segment, or behind `requires`",
        "A decision, its report and the mail should say the same. A footer that is left out takes its links along.",
    ),
    warning(
        "MW054", "no-postal-address",
        "no postal address stands in the {part} {when}",
        "put {{{{ campaign.postal_address }}}} into the layout, or into a block that everybody gets; not under a "
        "condition, and not hidden",
        "Who gets the mail must be able to see who sends it and from where; the law of many countries asks for it.",
    ),
    error(
        "MW058", "names-too-deep",
        "`{name}` stands at the end of more than {most} names, each explained by the one before",
        "write what it means by fewer names",
        "What is proved of a name looks at all that it is made of; such chains take too long.",
    ),
    error(
        "MW059", "block-data-undeclared",
        "block `{block}` shows `{path}`, which the rules do not declare",
        "declare it: `{declaration}`",
        "A stock block shows data of the recipient; it can show only what the rules say there is.",
    ),
    error(
        "MW050", "no-plain-file",
        "`{path}` is not read: {what}",
        "put a plain file in its place; what a program writes goes in by `-`, the standard input",
        "A named pipe could be waited for without end, and a device could give without end.",
    ),
    error(
        "MW051", "file-too-large",
        "`{path}` is larger than {most} bytes",
        "split it, or leave out what no mail needs",
        "What a campaign costs to compile is bounded before anything is parsed.",
    ),
    error(
        "MW052", "folder-too-full",
        "`{path}` holds more than {most} files",
        "leave what belongs to no campaign out of the folder",
        "What a campaign costs to compile is bounded before anything is parsed.",
    ),
    error(
        "MW070", "library-outside-roots",
        "the library `{library}` lies in no folder that {file} declares",
        'write "{root}" among its `roots`',
        "A campaign reads nothing beside its folder but what somebody has opened for campaigns.",
    ),
    error(
        "MW071", "library-not-opened",
        "the library `{library}` lies outside the campaign's folder, and no mailweave.toml opens it",
        'make a file {file} with the line: roots = ["{root}"]',
        "A campaign reads nothing beside its folder but what somebody has opened for campaigns.",
    ),
    error(
        "MW072", "missing-library",
        "there is no library `{library}`",
        "correct its path; it begins at the campaign's folder",
        "Without a library its blocks, snippets and rules are missing from the campaign.",
    ),
    warning(
        "MW073", "library-named-twice",
        "the library `{library}` is the same folder as {other}",
        "take it out of `libraries`",
        "A folder is looked through once: a second time it changes nothing, and most often another was meant.",
    ),
    note(
        "MW074", "hidden-block",
        "block `{block}` hides the one of that name in {hidden}",
        "give it another name if both are wanted",
        "A campaign's own blocks come first, then those of its libraries in order, then the stock blocks.",
    ),
    error(
        "MW076", "root-outside-project",
        "the root `{root}` cannot be opened: {why}",
        "name a folder below that of mailweave.toml, by a relative path",
        "mailweave.toml opens what lies below it, so that a file that came with a campaign opens nothing else.",
    ),
    error(
        "MW077", "attachments-too-large",
        "the files of `[[attachments]]` have {size} MB as they are sent; at most {most} MB go with a mail",
        "put the file on a server and link it, or make it smaller",
        "Gmail takes no mail of more than 25 MB, and base64 makes a file larger by a third.",
    ),
    error(
        "MW078", "unknown-content-id",
        "`cid:{name}` names a file that goes with the mail, and none is called so",
        'declare it in campaign.toml: [[attachments]] with `file` and `content_id = "{name}"`',
        "A picture that does not go with the mail is a broken one, for every reader.",
    ),
    warning(
        "MW079", "attachment-not-shown",
        "the file `{name}` goes with every mail to be shown, and nothing shows it",
        'write <img src="cid:{name}"> where it belongs, or take `inline` and `content_id` out',
        "Some readers hide what is meant to be shown, and list it where they do not find its place.",
    ),
    error(
        "MW317", "learned-table-unknown",
        "the table names `{name}`, and there is no such {what}{hint}",
        "correct the name, or write the table anew: `mailweave results learn`",
        "A table for other rules would decide by numbers that nobody has learned for these.",
    ),
    error(
        "MW318", "learned-table-no-probabilities",
        "the numbers of the bucket `{bucket}` are no probabilities: {what}",
        "write numbers above 0 that add up to 1, or the table anew: `mailweave results learn`",
        "A block that is never drawn is never learned about again, and what was drawn with an unknown chance teaches "
        "nothing.",
    ),
    note(
        "MW319", "learned-table-other-blocks",
        "in the bucket `{bucket}` of `{slot}` {what}",
        "write the table anew once there are responses: `mailweave results learn`",
        "Until then a block that is new has an equal share, and the share of one that is gone goes to the others.",
    ),
    note(
        "MW323", "learned-without-table",
        "nothing was learned for `{slot}` yet: its blocks are drawn with equal chances",
        "send, then write the table: `mailweave results learn`; docs/learned.md",
        "It has to begin like this; but a table that was forgotten looks just the same.",
    ),
)  # fmt: skip
