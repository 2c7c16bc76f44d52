"""MW75x: e-mails in the form of a provider's API."""

from mailweave.diagnostics.model import Code, error

CODES: tuple[Code, ...] = (
    error(
        "MW750", "cannot-say",
        "`{provider}` has no place for {what}",
        'send with a provider that has one (docs/delivery.md), or leave it out by name: drop={{"{feature}"}}',
        "What a provider cannot say is never dropped silently: the caller names what may be lost.",
    ),
    error(
        "MW751", "too-large-to-send",
        "{what} has {size:,} bytes, and `{provider}` takes {most:,} at most",
        "make it smaller: fewer or smaller files, shorter texts",
        "A provider refuses what is larger, often after all of it was sent.",
    ),
    error(
        "MW752", "header-not-settable",
        "`{provider}` does not let the header `{name}` be set",
        'rename it in campaign.toml, or leave it out by name: drop={{"{feature}"}}',
        "Some headers are written by the provider itself, or have fields of their own in its API.",
    ),
    error(
        "MW753", "too-many-to-send",
        "{what}: {count}, and `{provider}` takes {most} at most",
        'give fewer, or leave out those behind the last that fits: drop={{"{feature}"}}',
        "A provider refuses the mail, or forgets what is above its number, without a word.",
    ),
    error(
        "MW754", "not-in-the-form",
        "{what} {reason}, which `{provider}` does not take",
        'mend it, or leave it out by name: drop={{"{feature}"}}',
        "Providers take tags, names and files in narrow forms; some cut or lose what has another.",
    ),
    error(
        "MW755", "unknown-provider",
        "{field}: expected {expected}, got {got}",
        "docs/delivery.md lists them; `register` adds another",
        "Each provider has a form of its own, and there is none to fall back on.",
    ),
    error(
        "MW756", "not-to-be-dropped",
        "{field}: expected {expected}, got {got}",
        "name a feature of the e-mail, as `Unsupported.features` does",
        "Without its recipient, its subject or a body an e-mail is none; a misspelt name would drop nothing.",
    ),
    error(
        "MW757", "field-taken",
        "{field}: expected {expected}, got {got}",
        "leave it to the payload, or take another name",
        "What is said twice is said by chance: nobody could tell which of the two is sent.",
    ),
    error(
        "MW758", "no-address-of-api",
        "{field}: expected {expected}, got {got}",
        "pass the address of your region's API: url(\"https://..\")",
        "Where a provider has an address for each region, none is guessed.",
    ),
    error(
        "MW759", "anymail-missing",
        "{what} needs django-anymail, and it cannot be imported",
        "pip install django-anymail",
        "django-anymail and Django are installed by those who send with them; no extra brings them.",
    ),
)  # fmt: skip
