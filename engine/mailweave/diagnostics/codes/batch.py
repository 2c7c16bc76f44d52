"""MW8xx: lists of recipients."""

from mailweave.diagnostics.model import Code, error, warning

CODES: tuple[Code, ...] = (
    error(
        "MW801", "output-exists",
        "`{folder}` holds an output already",
        "name another folder, or go on with it: --resume",
        "An output is a record of who got what, and is never written over.",
    ),
    error(
        "MW802", "input-changed-since",
        "{what} changed since this output was begun",
        "repeat the command that began it, with --resume; or begin a new output in another folder",
        "Going on with something else would mix two mailings, and nobody could tell who got which.",
    ),
    error(
        "MW803", "damaged-output",
        "the output is damaged: {what}",
        "begin a new one in another folder; nothing here has been changed",
        "What was committed is compared with its digests; going on with altered files would lose or double "
        "mails.",
    ),
    error(
        "MW804", "second-writer",
        "another process is writing this output",
        "wait until it has ended",
        "Two writers would commit the same recipients twice.",
    ),
    error(
        "MW805", "unreadable-list",
        "the list cannot be read: {what}",
        "mend or convert the list; docs/scale.md says which kinds are read",
        "Recipients that are lost in reading would get no mail, so nothing is rendered from a list that "
        "cannot be read whole.",
    ),
    error(
        "MW806", "duplicate-keys",
        "{count} recipients have a key that another one has too: {which}",
        "remove them, or say which one counts: --duplicates first (or last)",
        why="Two rows with one key would be two mails to one person.",
    ),
    error(
        "MW808", "not-in-sql",
        "{construct} cannot be said in the SQL of {dialect}",
        "run this part of the list with `mailweave batch`, or use DuckDB",
        why="A query that only nearly means what the rules mean would find other people than the mail goes to.",
    ),
    error(
        "MW809", "no-such-column",
        "the list has no column `{column}`, which holds {what}",
        "give the column that name; for an attribute, the rules can say its own: `id : key from "
        '"customer_no"`',
        "Without this column nobody could tell whom a row belongs to.",
    ),
    error(
        "MW810", "unwritable-output",
        "the output cannot be written: {what}",
        "mend that, and go on with what is there: --resume",
        "What is not safely on disk is not committed, so nothing counts as rendered that is not there.",
    ),
    error(
        "MW811", "list-names-not-declared",
        "list and rules disagree: {what}",
        "mend the names, declare them in the rules, or leave out --strict",
        "What no rule declares is not read, so a misspelt name is a datum that is silently absent.",
    ),
    warning(
        "MW812", "column-not-declared",
        "no rule declares {what}",
        "declare it if rules or templates should read it; else leave it out of the list",
        "What is not declared is not read, so a misspelt column is a value that everybody lacks.",
    ),
    warning(
        "MW813", "event-not-declared",
        "no rule declares {what}",
        "declare the event, or correct its name in the data",
        "A complaint under a name that is not declared does not keep anybody from being mailed.",
    ),
    warning(
        "MW814", "column-absent",
        "the list has nothing for {what}, which the rules declare",
        "fill the column, correct its name, or take the declaration out",
        "What is missing for everybody decides as missing, and whole segments may be empty.",
    ),
    error(
        "MW815", "too-many-dead",
        "{count} of {all} recipients are dead letters, more than {limit}",
        "the output is whole and stays: dead.jsonl says what is wrong with each",
        "A few recipients with bad data are normal; many show that the list or the rules are wrong.",
    ),
    error(
        "MW816", "workers-keep-failing",
        "the batch cannot go on: its workers end one after the other, whoever they render; the last one: "
        "{what}",
        "what is committed stays: mend that, and go on with --resume",
        "Two ranges that have nothing in common end their workers alike, so no recipient is the cause.",
    ),
    error(
        "MW817", "output-gone",
        "{what} has been removed while the batch was running",
        "nothing more was written; begin a new output in another folder",
        "Whoever removed it did not want it; writing on would leave an output without its beginning.",
    ),
    error(
        "MW818", "option-not-usable",
        "this option cannot be used: {what}",
        "{todo}",
        "An option that has no effect is refused, so that nobody relies on it.",
    ),
    warning(
        "MW819", "score-from-profile",
        "the score `{score}` is computed over a list; here it is taken from the profile",
        "name a key of the campaign's own list to see what a batch decides",
        "Such a score ranks everybody against each other, and one recipient alone has no rank.",
    ),
    error(
        "MW820", "unreadable-rows",
        "{count} rows do not read as the rules declare",
        "mend them; `mailweave batch` makes them dead letters",
        "Rows that cannot be read are in no segment, so the counts leave them out.",
    ),
    warning(
        "MW825", "beyond-provider",
        "{provider} does not take all of these templates: {what}",
        "offer fewer blocks, ask {provider} for more room, or hand over finished mails: `mailweave batch`",
        "Whoever has a template that was refused gets no mail. The limit is that of the provider's own pages.",
    ),
    error(
        "MW826", "no-values",
        "this folder holds no mails that are cut in two",
        "name an output that `mailweave batch --format values` wrote, and that is committed",
        "Other formats hold whole mails; there is nothing to put together.",
    ),
    error(
        "MW827", "no-such-mail",
        "the output has no mail for this recipient",
        "shards/*.skipped.jsonl, dead.jsonl and left_out.jsonl say who has none, and why",
        "Who was skipped has no mail, and nobody else's is shown instead.",
    ),
    error(
        "MW828", "batch-not-finished",
        "the batch of this folder has not come to its end",
        "go on with it first: the same command with --resume",
        "A part of a mailing looks like a mailing; whoever is missing would never be noticed.",
    ),
)  # fmt: skip
