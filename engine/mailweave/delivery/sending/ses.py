"""Amazon SES by its API: `SendEmail` of version 2 with the raw message, through boto3 where that is installed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from mailweave.delivery.sending.answers import Answer, Begin, Verdict
from mailweave.delivery.sending.mails import Mail, mailbox
from mailweave.diagnostics import MailweaveError, diagnose

_LARGEST: Final = 40_000_000  # octets of a message, by Amazon's pages on quotas
_REFUSED: Final = frozenset({"MessageRejected", "BadRequestException"})
_NOT_SENT: Final = frozenset(
    {"ConnectTimeoutError", "EndpointConnectionError", "NoCredentialsError", "PartialCredentialsError"}
)
"""What boto3 raises before anything is said to SES."""


class SesClient(Protocol):
    """What is used of boto3's client `sesv2`."""

    def send_email(self, **request: Any) -> Mapping[str, Any]:
        """Sends one message."""
        ...


def ses_client() -> SesClient:
    """boto3's client, with region and credentials as boto3 finds them. It repeats nothing by itself: a repeated request
    may be a second mail. Raises MailweaveError (MW818) where boto3 is not installed, or knows no region."""
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError:
        raise _unusable("boto3 is not installed", "pip install boto3, or send by --smtp") from None
    try:
        made: SesClient = boto3.client("sesv2", config=Config(retries={"total_max_attempts": 1}))
    except BotoCoreError as error:
        todo = "set AWS_DEFAULT_REGION and what else boto3 asks for"
        raise _unusable(f"boto3 cannot begin ({type(error).__name__})", todo) from None
    return made


@dataclass(frozen=True, slots=True)
class SesRoute:
    """SES by a client. Connections are the client's own: a session is only one request at a time."""

    client: SesClient

    async def open(self) -> SesSession:
        """A session; nothing is said before the first mail."""
        return SesSession(self.client)


@dataclass(frozen=True, slots=True)
class SesSession:
    """One mail at a time to SES."""

    client: SesClient

    async def hand_over(self, mail: Mail, begin: Begin) -> Answer:
        """Sends one mail. What SES says of the account, or that it comes too fast, puts the mail off."""
        if not (mail.sender.isascii() and mail.to.isascii()):
            return Answer(Verdict.UNFIT, 0, "SMTPUTF8")
        if len(mail.content) > _LARGEST:
            return Answer(Verdict.UNFIT, 0, f"SIZE {len(mail.content)}")
        await begin()
        try:
            await asyncio.to_thread(self.client.send_email, **_request(mail))
        except Exception as error:  # noqa: BLE001  # boto3 raises classes of its own, which may not be installed
            return _answer(error)
        return Answer(Verdict.SENT, 200)

    @property
    def is_open(self) -> bool:
        """Always: there is nothing that could end."""
        return True

    async def close(self) -> None:
        """Nothing to do."""


def _request(mail: Mail) -> dict[str, Any]:
    request: dict[str, Any] = {
        "Destination": {"ToAddresses": [mail.to]},
        "Content": {"Raw": {"Data": mail.content}},
    }
    if mail.sender != mailbox(mail.content, "From"):
        request["FeedbackForwardingEmailAddress"] = mail.sender
    return request


def _answer(error: Exception) -> Answer:
    """What an exception of boto3 says of the mail. One without an answer of SES leaves it in doubt."""
    response: Any = getattr(error, "response", None)
    if not isinstance(response, dict):
        name = type(error).__name__
        return Answer(Verdict.DEFERRED, 0, name) if name in _NOT_SENT else Answer(Verdict.DOUBT)
    name = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if not 400 <= status < 500:
        return Answer(Verdict.DOUBT)
    return Answer(Verdict.REFUSED if name in _REFUSED else Verdict.DEFERRED, status, name)


def _unusable(what: str, todo: str) -> MailweaveError:
    return MailweaveError([diagnose("MW818", place="--ses", what=what, todo=todo)])
