"""MW76x: finished outputs on their way to a server."""

from mailweave.diagnostics.model import Code, error, warning

CODES: tuple[Code, ...] = (
    error(
        "MW760", "output-not-sendable",
        "this output cannot be sent: {what}",
        "{todo}",
        "Only what is a whole message, with all that its envelope needs, can be handed to a server.",
    ),
    error(
        "MW761", "no-such-server",
        "--smtp names no server that can be used: {what}",
        "{todo}",
        "Mails and passwords travel over TLS that is verified, or not at all, unless you say that they may.",
    ),
    error(
        "MW762", "server-takes-nothing",
        "the server takes no mail: {what}",
        "{sent} mails were sent in this run and are not sent again; mend that, and repeat the same command",
        "What a server says to everybody, or to the sender, is no recipient's fault: nobody is marked as refused.",
    ),
    error(
        "MW763", "not-signable",
        "mails cannot be signed: {what}",
        "{todo}",
        "A mail with a signature that does not verify fares worse than one without.",
    ),
    warning(
        "MW764", "mails-in-doubt",
        "{count} mails are in doubt: the server was given them, and what it said is not known ({keys})",
        "look in the server's log for their Message-ID (docs/sending.md: where it stands), and --settle them; "
        "--in-doubt resend sends them again",
        "Sent again, such a mail may come twice; held, it may never come. Nobody but you can choose.",
    ),
    warning(
        "MW765", "mails-refused",
        "the server refused {count} mails for good: {replies}",
        "DIR/sending/ledger.jsonl names them by their idempotency keys; take such addresses off the list",
        "A permanent refusal (5xx) is not tried again: senders who go on regardless lose their reputation.",
    ),
    warning(
        "MW766", "server-lacks",
        "{count} mails cannot be given to this server: {what}",
        "send them through a server that offers it; they are left, and no other is affected",
        "A mail that is forced through a server that cannot carry it arrives broken.",
    ),
    error(
        "MW767", "too-many-refusals",
        "sending has paused: {bad} of the last {of} answers were refusals, more than {limit}",
        "find out why, then repeat the same command: it goes on where this ended",
        "A list that is old, or a reputation that suffers, shows first in refusals; every further one costs more.",
    ),
    error(
        "MW768", "damaged-send-ledger",
        "the record of what was sent cannot be used: {what}",
        "bring back the file from a copy; nothing was sent, and nothing here has been changed",
        "Without the record nobody knows who has the mail already.",
    ),
    warning(
        "MW769", "mails-left",
        "{count} mails were put off by the server, and are left: {replies}",
        "repeat the same command later",
        "A server that says 4xx asks for patience: it may take the mail another time.",
    ),
    error(
        "MW748", "not-settled",
        "this line settles no mail: {what}",
        "write the keys that report.json names under `in_doubt`, each with `sent` or `unsent`; nothing was settled",
        "Only a mail that was begun and has no answer is in doubt; of the others the ledger knows what became of them.",
    ),
)  # fmt: skip
