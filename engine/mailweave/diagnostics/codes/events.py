"""MW74x: events that providers send back."""

from mailweave.diagnostics.model import Code, error

CODES: tuple[Code, ...] = (
    error(
        "MW740", "unknown-provider-of-events",
        "no events are read from `{provider}`",
        "the providers are {providers}",
        "What a provider says can only be trusted where it is known how it signs.",
    ),
    error(
        "MW741", "unusable-event-keys",
        "the keys for the events of {provider} cannot be used: {what}",
        "docs/events-back.md says what each provider needs",
        "Without a key nobody can tell the provider from somebody who knows the address.",
    ),
    error(
        "MW742", "unsigned-events",
        "the call of {provider} is not signed: {what}",
        "answer 401, and read nothing of it; look whether the provider signs its calls to this address",
        "Whoever finds the address could report bounces and complaints of everybody.",
    ),
    error(
        "MW743", "forged-events",
        "the signature is not that of {provider}",
        "answer 401, and read nothing of it; where all calls are refused, the key is another one's",
        "Somebody changed the body or made it up.",
    ),
    error(
        "MW744", "stale-events",
        "the call of {provider} is {age} from now, more than {limit}",
        "answer 401; where many are refused, compare the clock of this machine, or allow more `tolerance`",
        "A call that somebody recorded and sends again has a good signature; only its age tells.",
    ),
    error(
        "MW745", "unreadable-events",
        "what {provider} sent cannot be read: {what}",
        "answer 400, and keep the body: the provider may have changed its form",
        "An event that is half understood would be counted as something that did not happen.",
    ),
    error(
        "MW746", "certificate-from-elsewhere",
        "the certificate of the call is said to lie where Amazon SNS keeps none",
        "answer 401, and fetch nothing",
        "Whoever may name the certificate may sign anything.",
    ),
    error(
        "MW747", "topic-of-others",
        "the call comes from a topic of Amazon SNS that is not among yours",
        "answer 401; add the topic to the keys if it is yours",
        "Amazon signs what anybody publishes in a topic of their own: a good signature says nothing about who wrote it.",
    ),
)  # fmt: skip
