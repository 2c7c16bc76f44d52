"""MW79x: what was learned from what was sent."""

from mailweave.diagnostics.model import Code, error

CODES: tuple[Code, ...] = (
    error(
        "MW790", "unusable-purchases",
        "these purchase counts cannot be used: {what}",
        "count a recipient's purchases behind the first one in `frequency`, the time from the first to the last one in "
        "`recency`, from the first one until the end of the observation in `T`, all in one unit",
        "A model that leaves out the rows it cannot read would tell of another list than the one that was given.",
    ),
    error(
        "MW791", "not-estimable",
        "the model cannot be estimated: {what}",
        "observe for longer, or more recipients; without estimates nothing is foretold",
        "Where data do not determine a parameter, any number for it would be as good as another.",
    ),
)  # fmt: skip
