"""MW30x to MW34x and MW39x: slots, blocks, matrices, experiments and tests, as written."""

from mailweave.diagnostics.model import Code, Severity

ERROR, NOTE = Severity.ERROR, Severity.NOTE

CODES: tuple[Code, ...] = (
    Code(
        "MW301", "other-slot", ERROR,
        "`{name}` is a block for `{other}`, not for `{slot}`",
    ),
    Code(
        "MW302", "fallback-conditional", ERROR,
        "the fallback of `{slot}` has a condition of its own",
        "take a block that may always be sent",
        "A fallback is what is left when nothing else may be sent.",
    ),
    Code(
        "MW303", "says-in-html", ERROR,
        "`{slot}` is no text slot, so its blocks have a folder instead of `says`",
        "declare it as `slot {slot} text`, or put the content into the block's folder",
    ),
    Code(
        "MW304", "clause-twice", ERROR,
        "`{clause}` stands here twice",
    ),
    Code(
        "MW305", "sent-missing", ERROR,
        "`{what}` counts sends, and no event `sent` with a `block` is declared",
        "declare `event sent {{ block: text }} keep 90 days`",
    ),
    Code(
        "MW310", "otherwise-missing", ERROR,
        "a matrix ends with the row `otherwise`",
        "add it: what gets everybody for whom no other row holds?",
    ),
    Code(
        "MW311", "otherwise-early", ERROR,
        "`otherwise` is the last row of a matrix, and stands once",
    ),
    Code(
        "MW312", "tie-order", ERROR,
        "ties end with `order`, and each key stands once",
        "write `tie order`, or `tie least recently sent, then order`",
        "The last tie is the order of the rows, so that there is always one answer.",
    ),
    Code(
        "MW313", "slot-twice", ERROR,
        "`{slot}` has a column already",
        "each slot is decided in one column of one matrix",
    ),
    Code(
        "MW314", "cell-count", ERROR,
        "this row has {found} cells, the matrix {wanted} columns",
        "write `-` where a row has nothing to say",
    ),
    Code(
        "MW315", "rank-forbidden", ERROR,
        "no number stands in {where}",
        "leave it out",
        "A number that decides nothing would mislead its readers.",
    ),
    Code(
        "MW316", "rank-missing", ERROR,
        "the policy `{policy}` needs {wanted}",
    ),
    Code(
        "MW320", "override-no-row", ERROR,
        "`{name}` has no row in a matrix, so there is nothing to override",
    ),
    Code(
        "MW321", "override-circle", ERROR,
        "overrides go round: {circle}",
        "break the circle, or somebody could end without any candidate",
    ),
    Code(
        "MW330", "experiment-part", ERROR,
        "the experiment `{name}` has no `{missing}`",
        'write `unit id salt "2026-11"` and `split control 50%, other 50% -> block`',
    ),
    Code(
        "MW331", "second-experiment", ERROR,
        "`{block}` has an experiment already",
    ),
    Code(
        "MW332", "item-twice", ERROR,
        "`{item}` stands here twice",
    ),
    Code(
        "MW333", "holdout-share", ERROR,
        "a holdout is at most 100%, not {found}",
    ),
    Code(
        "MW334", "shares", ERROR,
        "the shares of the arms are {found} in all, not 100%",
    ),
    Code(
        "MW335", "control-first", ERROR,
        "the first arm is the control and keeps `{block}`",
        "write `control 50%`, without `->`",
    ),
    Code(
        "MW337", "arm-conditional", ERROR,
        "`{name}` is shown by an arm and has a condition of its own",
        "leave it out: an arm has those of the block under test",
        "With conditions of its own an arm would reach other people than the control does.",
    ),
    Code(
        "MW338", "arm-is-fallback", ERROR,
        "`{name}` is shown by an arm and is the fallback of `{slot}`",
        "take another block for the arm",
    ),
    Code(
        "MW340", "given-twice", ERROR,
        "a test gives this once",
        "join the two",
    ),
    Code(
        "MW341", "test-part", ERROR,
        "this test has no `{missing}`",
        "write `now 2026-11-22T09:00` and `expect ..`",
    ),
    Code(
        "MW342", "event-forgotten", ERROR,
        "`{event}` is not kept that long, so no rule can see this one",
    ),
    Code(
        "MW343", "answer-missing", ERROR,
        "`{name}` is a {kind}: which answer is expected?",
        "write `{name} is ..`",
    ),
    Code(
        "MW344", "one-answer", ERROR,
        "`{name}` has one answer",
    ),
    Code(
        "MW390", "slot-without-column", NOTE,
        "no matrix has a column for `{slot}`: everybody gets `{block}`",
    ),
    Code(
        "MW391", "block-unused", NOTE,
        "the block `{name}` is never shown",
    ),
)  # fmt: skip
