"""MW83x and MW84x: exports, doubles, consents, erasing."""

from mailweave.diagnostics.model import Code, error, note, warning

CODES: tuple[Code, ...] = (
    error(
        "MW830", "unusable-mapping",
        "this mapping cannot be used: {what}",
        "{todo}",
        "A setting that means nothing, or two things, would change a million rows without a word.",
    ),
    error(
        "MW831", "no-such-export-column",
        "the export has no column `{column}`",
        "say in data.toml what it is called there",
        "A column that is spelt in another way looks just like one that is empty in every row.",
    ),
    warning(
        "MW832", "rows-rejected",
        "{rejected} of {rows} rows are refused: {reasons}",
        "the file holds each with its reasons: mend the export or the mapping, and load again",
        "Whoever stands in a refused row gets no mail, and nothing else would tell.",
    ),
    error(
        "MW833", "unusable-list-file",
        "this file cannot be used: {what}",
        "mend that, or name another; what stood there is unchanged",
        "A file that is read or written in part would lose rows.",
    ),
    warning(
        "MW834", "keys-come-twice",
        "{doubled} rows have a `{column}` that stands in an earlier row",
        "`mailweave data dedupe` makes one row of them; a batch makes dead letters",
        "A key names one recipient. Which of two rows is right is nothing that a batch can know.",
    ),
    warning(
        "MW835", "data-stand-out",
        "`{column}`: {what}",
        "look at these rows in the export: a default that somebody typed, a unit that changed, a column that moved",
        "Rows can be well-formed and wrong. What changes all at once, or lies far from the rest, is worth a look.",
    ),
    note(
        "MW837", "pairs-to-decide",
        "{asked} pairs of rows may be one person each, and are not merged",
        "write yes or no into the column `decide`, and give the file back with --decided",
        "What is in doubt is for somebody who knows these people; a wrong merge shows one person's mail to another.",
    ),
    error(
        "MW838", "unusable-decisions",
        "these decisions cannot be used: {what}",
        "take the review file of this list, and write yes or no into its column `decide`",
        "A decision that is applied to another pair, or lost, is worse than none.",
    ),
    error(
        "MW839", "cannot-undo",
        "this merge cannot be undone: {what}",
        "give the log and the list that one `mailweave data dedupe` wrote together, both as they were",
        "A list that is put together from other pieces would look whole, and be nobody's.",
    ),
    warning(
        "MW840", "not-compared",
        "{what}: they are not compared by it",
        "a key that so many rows have is a default or a switchboard: take it out of these rows in the export",
        "Comparing everybody with everybody merges strangers, and takes the square of the time.",
    ),
    error(
        "MW841", "unusable-consent",
        "this consent cannot be recorded: {what}",
        "write lines of JSON with `who`, `purpose`, `given` (true or false), `at` (with a zone), `wording` and `source`; "
        "none of the file was recorded",
        "A consent of which a part is unknown proves nothing to whoever asks for it.",
    ),
    error(
        "MW842", "consents-tampered",
        "this record of consents is not what was written: {what}",
        "put back the last copy of the folder that verifies, and find out who changed it; nothing is written until then",
        "A record that can be changed unseen proves nothing. What does not fit is told, and never mended over.",
    ),
    warning(
        "MW843", "consents-half-written",
        "a writer of this record was killed: {what}",
        "nothing: the next `mailweave data consent --add` or `mailweave data erase` finishes or drops it",
        "Whoever was killed had not been told that it stands; the lines before are whole.",
    ),
    error(
        "MW844", "nobody-of-that-key",
        "nothing is held about anybody of this key",
        "give the key as it stands in the lists; of pseudonyms, with --pseudonym ID",
        "A key that is spelt in another way must not look like somebody who was erased.",
    ),
    error(
        "MW845", "unusable-data-keys",
        "these keys of pseudonyms cannot be used: {what}",
        "write lines of `id = secret`, the secret 32 random bytes or more in base64, into the file of --keys or the "
        "variable MAILWEAVE_DATA_KEYS",
        "Without a secret anybody can make the pseudonym of a name that they guess.",
    ),
    warning(
        "MW846", "held-not-searched",
        "{what}, so it was not searched whole",
        "mend it, or take what is no more out of `held` in data.toml: whoever is asked about may stand in it",
        "What is not read is neither erased nor told.",
    ),
)  # fmt: skip
