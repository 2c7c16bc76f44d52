"""MW77x: the HTTP service."""

from mailweave.diagnostics.model import Code, error

CODES: tuple[Code, ...] = (
    error(
        "MW770", "no-campaign-to-serve",
        "`{folder}` holds no campaign that can be served",
        "name a folder of campaigns, or one campaign: a folder with campaign.toml; `mailweave check` says what is wrong "
        "with one",
        "A service that starts without a campaign would answer everybody with an error.",
    ),
    error(
        "MW771", "unknown-campaign",
        "no campaign of that name is served",
        "GET /campaigns lists the names",
        "A campaign is called by the name of its folder.",
    ),
    error(
        "MW772", "unreadable-request",
        "the request cannot be read: {what}",
        "GET /openapi.json says what each address takes, with examples",
        "What can be read in two ways, or has members that nobody reads, would give another mail than was meant.",
    ),
    error(
        "MW773", "request-beyond-limit",
        "the request is beyond a limit: {what}",
        "send less at once; docs/service.md lists the limits",
        "One request must not take the memory and the time of all others.",
    ),
    error(
        "MW774", "not-admitted",
        "not admitted: {what}",
        "{todo}",
        "Mails hold personal data; whoever can reach the service must prove to be allowed to ask it.",
    ),
    error(
        "MW775", "no-such-address",
        "the service has nothing at this address for this method",
        "GET /openapi.json lists the addresses",
        "An address that is nearly right is not guessed at: the mail of one campaign is not that of another.",
    ),
    error(
        "MW776", "not-now",
        "the service cannot do that now: {what}",
        "try again after the seconds that the header Retry-After names",
        "What is refused at once costs less than what waits in a line that only grows.",
    ),
    error(
        "MW777", "bad-recipient-data",
        "bad data: {what}",
        "mend the data of this recipient; docs/data.md says how each type is written",
        "A recipient whose data breaks the declarations of the rules gets no mail, rather than a wrong one.",
    ),
    error(
        "MW778", "service-not-started",
        "the service does not start: {what}",
        "{todo}",
        "It starts with everything that it needs to be safe, or not at all.",
    ),
    error(
        "MW779", "fault-of-the-service",
        "a fault of mailweave's own ({kind})",
        "tell its makers; nothing was rendered for this request",
        "The kind alone is told, because the text of a fault could hold a recipient's data.",
    ),
)  # fmt: skip
