"""MW860 to MW869: mails that start by themselves, and the state that remembers them."""

from mailweave.diagnostics.model import Code, error, warning

CODES: tuple[Code, ...] = (
    error(
        "MW860", "state-of-triggers-unusable",
        "this state cannot be used: {what}",
        "name the file of --state of an earlier run, or one that is not there yet; one run at a time has it",
        "The state says what was mailed already: without it, or with half of it, people would be mailed twice.",
    ),
    error(
        "MW861", "no-stream-of-events",
        "events cannot be read from here: {what}",
        "name a file with an event in each line, packed by gzip or not, `-`, or kafka://host:9092/topic",
        "Nothing is mailed over events of which only a part was read.",
    ),
    error(
        "MW862", "no-triggers",
        "nothing starts by itself here",
        "write a trigger into the rules: `trigger cart_left on cart_change wait 30 minutes unless purchase`",
        "A run without triggers would read events for ever, and mail nobody.",
    ),
    error(
        "MW863", "campaigns-of-one-name",
        "two of the campaigns are called `{name}`",
        "give each a name of its own in campaign.toml",
        "By its name a state knows what of a campaign is waiting, and what it has mailed.",
    ),
    warning(
        "MW864", "events-not-read",
        "{number} lines are no events: {first}",
        "mend them and run again: what was read is known by its id and not read twice",
        "An event that is lost may be the purchase that keeps a reminder back, so it is told.",
    ),
    warning(
        "MW865", "ids-used-twice",
        "{number} events have the id of another event of the same person, and say something else; the first one counts",
        "give each event an id of its own",
        "By its id an event is known when it comes again. Which of two comes first depends on the order of the lines.",
    ),
    warning(
        "MW866", "profiles-not-read",
        "{number} profiles do not read: {fields}",
        "mend the list; who is in it keeps the profile of the run before, if there was one",
        "A person whose data break the schema gets no mail, whatever the triggers say.",
    ),
    warning(
        "MW867", "mails-not-made",
        "{number} mails could not be made: somebody whom the profiles do not have, data that break the schema, or a "
        "template that failed",
        "give profiles of everybody who has events, or render one of these people to see why: "
        "`mailweave render CAMPAIGN --profile FILE`",
        "A mail that is not made is not made later either, because its moment is over.",
    ),
    warning(
        "MW869", "events-nearly-declared",
        "{number} events have a type that no rule declares: {types}",
        "{hint}",
        "A type that is spelt in another way starts nothing, and looks like an event that never happened.",
    ),
    error(
        "MW868", "broker-failed",
        "the broker does not give its events: {what}",
        "look at the address, the topic and the broker's own log, and run again: nothing is lost",
        "Offsets are committed behind the state's own transactions, so the same events come again.",
    ),
)  # fmt: skip
