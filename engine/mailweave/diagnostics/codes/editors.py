"""MW678 to MW689: what editors, agents and notebooks ask for and do not get."""

from mailweave.diagnostics.model import Code, error

CODES: tuple[Code, ...] = (
    error(
        "MW678", "not-to-be-renamed",
        "{what} cannot be renamed here: {why}",
        "rename what campaigns own: attributes, lets, segments, tiers, parameters, values, and inputs of their own blocks",
        "Data, reports and other campaigns know some names; no editor sees all places where those stand.",
    ),
    error(
        "MW679", "rename-not-proved",
        "it is not proved that renaming `{name}` would reach every place: {why}",
        "mend or rewrite that place, then rename again",
        "A rename that forgets a place makes another campaign; so it is done whole, or not at all.",
    ),
    error(
        "MW680", "new-name-unusable",
        "`{name}` cannot be the new name: {why}",
        "take a name of letters, figures and `_` that nothing else has",
        "Two things with one name would be one thing from then on.",
    ),
    error(
        "MW681", "outside-of-what-agents-see",
        "`{path}` is not to be seen: {why}",
        "name a file or folder below the one that `mailweave mcp` was started with",
        "An agent reads what it was given, and nothing that a path of its own making leads to.",
    ),
    error(
        "MW682", "unusable-request-of-an-agent",
        "`{argument}` cannot be used: {why}",
        "{todo}",
        "What can be read in two ways would give another answer than was meant.",
    ),
    error(
        "MW683", "no-frame",
        "a frame of pandas or polars is expected, not {what}",
        "give a DataFrame; for other rows there is `Campaign.render_many`",
        "The answer is a frame of the same kind, so the kind must be known.",
    ),
    error(
        "MW684", "columns-that-meet",
        "the frame has columns of the names that the answer adds: {names}",
        "give another `prefix`, or rename those columns",
        "A column that is written over would be lost without a word.",
    ),
    error(
        "MW685", "not-to-be-masked",
        "this mail cannot be shown masked: what is chosen hangs on attributes labelled `pii`",
        "ask for the explanation, which masks values alone, or show personal data deliberately",
        "A mail with stand-ins for personal values would be another mail than this recipient gets.",
    ),
)  # fmt: skip
