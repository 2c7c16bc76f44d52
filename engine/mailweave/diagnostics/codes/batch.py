"""MW8xx: lists of recipients."""

from mailweave.diagnostics.model import Code, Severity

_E = Severity.ERROR

CODES: tuple[Code, ...] = (
    Code("MW801", "output-exists", _E, "{what}", "name another folder, or go on with it: --resume"),
    Code(
        "MW802",
        "changed-since",
        _E,
        "{what} has changed since this output was begun",
        "an output is made from one campaign and one input: begin a new one in another folder",
        why="Going on with something else would mix two mailings, and nobody could tell who got which.",
    ),
    Code(
        "MW803",
        "damaged-output",
        _E,
        "the output is damaged: {what}",
        "begin a new one in another folder; nothing here has been changed",
    ),
    Code("MW804", "second-writer", _E, "another process is writing this output", "wait until it has ended"),
    Code("MW805", "unreadable-list", _E, "{what}"),
    Code(
        "MW806",
        "duplicate-keys",
        _E,
        "{count} recipients have a key that another one has too",
        "remove them, or say which one counts: --duplicates first (or last)",
        why="Two rows with one key would be two mails to one person.",
    ),
    Code("MW807", "worker-fault", _E, "a worker cannot start: {what}"),
    Code(
        "MW808",
        "not-in-sql",
        _E,
        "{construct} cannot be said in the SQL of {dialect}",
        "run this part of the list with `mailweave batch`, or use DuckDB",
        why="A query that only nearly means what the rules mean would find other people than the mail goes to.",
    ),
    Code(
        "MW809",
        "no-such-column",
        _E,
        "the list has no column `{column}`, which holds {what}",
        'give the column that name; for an attribute, the rules can say its own: `id : key from "customer_no"`',
    ),
    Code(
        "MW810",
        "unwritable-output",
        _E,
        "the output cannot be written: {what}",
        "mend that, and go on with what is there: --resume",
    ),
)
