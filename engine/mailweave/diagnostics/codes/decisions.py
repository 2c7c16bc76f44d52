"""MW3xx: slots, blocks, matrices, experiments, tests."""

from mailweave.diagnostics.model import Code, Severity

_W, _N = Severity.WARNING, Severity.NOTE

CODES: tuple[Code, ...] = (
    Code(
        "MW350",
        "promise-not-proved",
        _W,
        "`{one}` and `{other}` may both hold, and the policy of `{slot}` is {policy}",
        "make one of the segments exclude the other, or choose `first` or `priority`",
        why="Where two rows break the promise of `unique` (one row) or `any` (one block), the fallback is "
        "shown, and nobody notices. Rows that are not certain to exclude each other are reported.",
    ),
    Code(
        "MW351",
        "tie-by-order",
        _N,
        "`{one}` and `{other}` have the same rank {rank} in `{slot}`: the row that stands first wins",
        "give one of them another number, or put a tie key before `order`",
        why="The order of rows is the last tie key, so the answer is certain; moving a row would change it.",
    ),
    Code(
        "MW352",
        "override-without-meeting",
        _N,
        "`{winner}` and `{loser}` have no slot in common, so this override does nothing",
        why="An override takes cells away in slots where both rows hold an eligible cell.",
    ),
    Code(
        "MW353",
        "arm-beside-matrix",
        _N,
        "`{block}` is an arm of `{experiment}` and stands in a matrix too",
        "use a block of its own for the arm, so that its recipients are those of the experiment alone",
        why="Whoever gets the block by the matrix has seen the arm without being counted in the experiment.",
    ),
    Code(
        "MW354",
        "condition-always-true",
        _N,
        "what `{block}` requires here is true for everybody",
        "leave it out, or say what was meant",
    ),
    Code(
        "MW355",
        "condition-never-true",
        _W,
        "what `{block}` requires here is true for nobody, so it is never shown",
        "mend the condition, or take the block out",
        why="No value of the data makes the condition true, so the block is dead and others take its place.",
    ),
)
