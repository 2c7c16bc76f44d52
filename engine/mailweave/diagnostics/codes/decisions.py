"""MW3xx: slots, blocks, matrices, experiments, tests."""

from mailweave.diagnostics.model import Code, error, note, warning

CODES: tuple[Code, ...] = (
    error(
        "MW322", "learned-and-experiment",
        "`{block}` is drawn in the column of `{slot}`, and `{experiment}` is an experiment with it",
        "take one of the two away: a column of the policy `learned` is an experiment itself",
        "What is drawn twice is shown with another chance than the table says, and learned about wrongly.",
    ),
    error(
        "MW324", "learned-without-key",
        "the column of `{slot}` draws a block for each recipient, and the profile has no `key`",
        "declare the attribute that tells recipients apart as `key`",
        "The draw hashes the key, so that it reads no random source and is the same whenever it is made.",
    ),
    warning(
        "MW350", "policy-not-proved",
        "`{one}` and `{other}` may both hold, and the policy of `{slot}` is {policy}",
        "make one of the segments exclude the other, or choose `first` or `priority`",
        "Where two rows break the promise of `unique` (one row) or `any` (one block), the fallback is "
        "shown, and nobody notices. Rows that are not certain to exclude each other are reported.",
    ),
    note(
        "MW351", "tie-by-order",
        "`{one}` and `{other}` have the same rank {rank} in `{slot}`: the row that stands first wins",
        "give one of them another number, or put a tie key before `order`",
        why="The order of rows is the last tie key, so the answer is certain; moving a row would change it.",
    ),
    note(
        "MW352", "override-without-effect",
        "`{winner}` and `{loser}` have no slot in common, so this override does nothing",
        "take the override out, or give both segments a cell in one column",
        "An override takes cells away in slots where both rows hold an eligible cell.",
    ),
    note(
        "MW353", "arm-beside-matrix",
        "`{block}` is an arm of `{experiment}` and stands in a matrix too",
        "use a block of its own for the arm, so that its recipients are those of the experiment alone",
        why="Whoever gets the block by the matrix has seen the arm without being counted in the experiment.",
    ),
    note(
        "MW354", "condition-always-true",
        "what `{block}` requires here is true for everybody",
        "leave it out, or say what was meant",
        "A condition that everybody meets keeps nobody out; often its bound is mistyped.",
    ),
    warning(
        "MW355", "condition-never-true",
        "what `{block}` requires here is true for nobody, so it is never shown",
        "mend the condition, or take the block out",
        why="No value of the data makes the condition true, so the block is dead and others take its place.",
    ),
)  # fmt: skip
