"""MW30x to MW34x and MW39x: slots, blocks, matrices, experiments and tests, as written."""

from mailweave.diagnostics.model import Code, error, note, warning

CODES: tuple[Code, ...] = (
    error(
        "MW301", "block-of-other-slot",
        "`{name}` is a block for `{other}`, not for `{slot}`",
        "name a block of this slot, or declare the block for it",
        "Each block is made for one place in the layout.",
    ),
    error(
        "MW302", "fallback-conditional",
        "the fallback of `{slot}` has a condition of its own",
        "take a block that may always be sent",
        "A fallback is what is left when nothing else may be sent.",
    ),
    error(
        "MW303", "says-outside-text-slot",
        "`{slot}` is no text slot, so its blocks have a folder instead of `says`",
        "declare it as `slot {slot} text`, or put the content into the block's folder",
        "`says` is one line of plain text; the HTML of a block stands in its folder.",
    ),
    error(
        "MW304", "clause-twice",
        "`{clause}` is written twice",
        "keep one of the two",
        "Two clauses of one kind could contradict each other.",
    ),
    error(
        "MW305", "sent-event-missing",
        "`{what}` counts sends, and no event `sent` with a `block` is declared",
        "declare `event sent {{ block: text }} keep 90 days`",
        "Caps and ties by the last send read the history of sends, so it must be part of the data.",
    ),
    error(
        "MW310", "otherwise-missing",
        "a matrix ends with the row `otherwise`",
        "add it: what gets everybody for whom no other row holds?",
        "Without it, whoever is in no segment of the matrix would get no answer.",
    ),
    error(
        "MW311", "otherwise-early",
        "`otherwise` is the last row of a matrix, and stands once",
        "move it to the end, and keep one",
        "It holds for everybody, so rows behind it would never be reached.",
    ),
    error(
        "MW312", "invalid-tie-order",
        "ties end with `order`, and each key stands once",
        "write `tie order`, or `tie least recently sent, then order`",
        "The last tie is the order of the rows, so that there is always one answer.",
    ),
    error(
        "MW313", "slot-twice",
        "`{slot}` has a column already",
        "each slot is decided in one column of one matrix",
        "Two columns for one slot could choose different blocks for one recipient.",
    ),
    error(
        "MW314", "cell-count",
        "this row has {found} cells, the matrix {wanted} columns",
        "write `-` where a row has nothing to say",
        "Cells belong to columns by their place: a missing one would shift those behind it.",
    ),
    error(
        "MW315", "rank-forbidden",
        "no number stands in {where}",
        "leave it out",
        "A number that decides nothing would mislead its readers.",
    ),
    error(
        "MW316", "rank-missing",
        "the policy `{policy}` needs {wanted}",
        "write it behind the block, as `hello 3` or `hello (orders)`, or choose the policy `first`",
        "The policy compares all candidates, so each of them needs something to compare by.",
    ),
    error(
        "MW320", "override-no-row",
        "`{name}` has no row in a matrix, so there is nothing to override",
        "name a segment that has a row, or take the override out",
        "An override decides between rows; without a row it does nothing.",
    ),
    error(
        "MW321", "override-cycle",
        "overrides form a cycle: {circle}",
        "break the cycle, or somebody could end without any candidate",
        "Each row of the cycle would remove another until none is left.",
    ),
    error(
        "MW330", "experiment-part-missing",
        "the experiment `{name}` has no `{missing}`",
        'write `unit id salt "2026-11"` and `split control 50%, other 50% -> block`',
        "The unit says who is counted as one, the split who sees what.",
    ),
    error(
        "MW331", "second-experiment",
        "`{block}` has an experiment already",
        "join the two, or use another block",
        "Two experiments on one block would change each other's results.",
    ),
    error(
        "MW332", "experiment-item-twice",
        "`{item}` is listed twice",
        "keep one of the two",
        "An experiment is drawn once: two of these could disagree.",
    ),
    error(
        "MW333", "holdout-share-too-large",
        "a holdout is at most 100%, not {found}",
        "write a share between 0 and 100 %",
        "A holdout is a part of the recipients, and there are no more than all of them.",
    ),
    error(
        "MW334", "arm-shares-not-100",
        "the shares of the arms are {found} in all, not 100%",
        "change the shares until they add up to 100 %",
        "Every recipient of the experiment is in exactly one arm.",
    ),
    error(
        "MW335", "control-arm-with-block",
        "the first arm is the control and keeps `{block}`",
        "write `control 50%`, without `->`",
        "The control shows what would be sent without the experiment; the other arms are measured against "
        "it.",
    ),
    warning(
        "MW336", "same-salt",
        "`{name}` draws `{unit}` with the salt of `{other}`",
        "give it a salt of its own",
        "Who is in an arm of the one is then in the same arm of the other, and their effects cannot be told apart.",
    ),
    error(
        "MW337", "arm-conditional",
        "`{name}` is shown by an arm and has a condition of its own",
        "leave it out: an arm has those of the block under test",
        "With conditions of its own an arm would reach other people than the control does.",
    ),
    error(
        "MW338", "arm-is-fallback",
        "`{name}` is shown by an arm and is the fallback of `{slot}`",
        "take another block for the arm",
        "The fallback is shown outside the experiment too, to people who would not be counted.",
    ),
    error(
        "MW340", "test-given-twice",
        "a test gives this once",
        "join the two",
        "Two statements of one kind could contradict each other.",
    ),
    error(
        "MW341", "test-part-missing",
        "this test has no `{missing}`",
        "write `now 2026-11-22T09:00` and `expect ..`",
        "A test fixes the instant and says what it expects, so that it has the same result on every day.",
    ),
    error(
        "MW342", "test-event-beyond-keep",
        "`{event}` is not kept that long, so no rule can see this one",
        "give a more recent event, or keep the event longer",
        "Events older than `keep` are not read, so the test would check something else than it says.",
    ),
    error(
        "MW343", "test-answer-missing",
        "`{name}` is a {kind}: which answer is expected?",
        "write `{name} is ..`",
        "Everybody gets an answer from a tier and from a slot; the test must say which one is right.",
    ),
    error(
        "MW344", "test-answer-not-one",
        "`{name}` has one answer",
        "write one member behind `is`",
        "A recipient is in exactly one member of a tier.",
    ),
    note(
        "MW390", "slot-without-column",
        "no matrix has a column for `{slot}`: everybody gets `{block}`",
        "add a column for it if it should vary; else nothing is wrong",
        "A slot is decided by a matrix; without a column its fallback is always shown.",
    ),
    note(
        "MW391", "block-unused",
        "the block `{name}` is never shown",
        "name it in a matrix, an arm or as a fallback, or take it out",
        "What is never shown is still checked and kept; often a cell was forgotten.",
    ),
    warning(
        "MW392", "slot-always-empty",
        "`{slot}` is optional and no matrix has a column for it: it is always empty",
        "add a column for it, or `fallback` and a block in place of `optional`, or take the slot out",
        "An optional slot shows what a matrix chooses, and nothing else.",
    ),
)  # fmt: skip
