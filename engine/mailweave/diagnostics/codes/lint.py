"""MW95x: rules over whole campaigns; each has a page in docs/lint."""

from mailweave.diagnostics.model import Code, warning

CODES: tuple[Code, ...] = (
    warning(
        "MW950", "words-hard-to-read",
        "the words of `<{tag}>` have a contrast of {ratio}:1 in the {scheme} scheme, less than {wanted}:1:"
        " {front}, by {front_by}, on {back}, by {back_by}",
        "choose darker words or a lighter ground, in dark the other way round",
        why="Who sees little, and who reads in the sun, cannot read it. [The rule](lint/contrast.md).",
    ),
)  # fmt: skip
