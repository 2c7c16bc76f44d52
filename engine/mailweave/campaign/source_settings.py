"""[sources.NAME] of campaign.toml: data that is fetched from the web before a mail is rendered."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from mailweave.campaign.setting_forms import Line
from mailweave.values.durations import DAY, HOUR, MINUTE, SECOND, to_duration
from mailweave.values.invalid_value import InvalidValue

LOOPBACK: Final = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]", re.IGNORECASE)
"""Hosts by which this machine is named."""
ORIGIN: Final = re.compile(r"(https?)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?(?=[/?]|\Z)")
_SHORT: Final = re.compile(r"([0-9]{1,9}) ?(ms|s|m|h|d)", re.ASCII)
_SIZES: Final = {"ms": SECOND // 1000, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
_LONGEST_WAIT: Final = 10 * SECOND
_LONGEST_KEPT: Final = 7 * DAY
_PICK: Final = re.compile(r"[^.\s]+(?:\.[^.\s]+)*")
_FILLS: Final = re.compile(r"(scores|lists|lookups)\.([A-Za-z_][A-Za-z0-9_]*)")

Kind: TypeAlias = Literal["scores", "lists", "lookups"]


class Fill(NamedTuple):
    """The datum that a source gives: a declared score, list or lookup."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"


def _url(text: str) -> str:
    found = ORIGIN.match(text)
    if found is None:
        raise ValueError("a source has an address such as https://api.example.com/w?city={{ profile.city }}")
    scheme, host, port = found.groups()
    if scheme == "http" and not LOOPBACK.fullmatch(host):
        raise ValueError(
            "what is asked over the web is asked by `https:`; `http:` leads to this machine alone"
        )
    if port is not None and not 0 < int(port) < 65_536:
        raise ValueError("there is no such port")
    if "#" in re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text):
        raise ValueError("what stands behind `#` is sent to nobody: leave it out")
    return text


def _fill(value: object) -> object:
    found = _FILLS.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write scores.NAME, lists.NAME or lookups.NAME, of one that the rules declare")
    return Fill(found[1], found[2])  # type: ignore[arg-type]  # the pattern knows the three


def _purpose(text: str) -> str:
    kind, _, name = text.partition(".")
    if kind != "consent" or not name.isidentifier():
        raise ValueError("write consent.PURPOSE, of one that the rules declare")
    return name


def _path(text: str) -> str:
    if not _PICK.fullmatch(text):
        raise ValueError("a way into JSON has names and numbers with points between, such as data.items.0")
    return text


def _variable(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text, re.ASCII):
        raise ValueError("name a variable of the environment; what it holds stands in no file")
    return text


def _microseconds(value: object) -> int:
    found = _SHORT.fullmatch(value) if isinstance(value, str) else None
    if found is not None:
        return int(found[1]) * _SIZES[found[2]]
    try:
        return to_duration(value)
    except InvalidValue:
        raise ValueError("is not a duration: write `800ms`, `10m` or `10 minutes`") from None


def _wait(value: object) -> object:
    found = _microseconds(value)
    if not 0 < found <= _LONGEST_WAIT:
        raise ValueError("an answer is waited for some time, and for 10 seconds at most")
    return found


def _kept(value: object) -> object:
    found = _microseconds(value)
    if not 0 <= found <= _LONGEST_KEPT:
        raise ValueError("an answer is kept for 7 days at most")
    return found


class SourceSettings(BaseModel):
    """Where a datum comes from, and what stands in for it. `ttl` and `timeout` in microseconds.

    >>> one = SourceSettings(url="https://api.example.com/churn", fills="scores.churn", ttl="10m")
    >>> str(one.fills), one.ttl // 60_000_000, one.timeout
    ('scores.churn', 10, 1000000)
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    url: Annotated[Line, AfterValidator(_url)]
    fills: Annotated[Fill, BeforeValidator(_fill)]
    pick: Annotated[str, AfterValidator(_path)] | None = None
    ttl: Annotated[int, BeforeValidator(_kept)] = 0
    timeout: Annotated[int, BeforeValidator(_wait)] = SECOND
    otherwise: Any = Field(default=None, alias="else")
    needs: Annotated[str, AfterValidator(_purpose)] | None = None
    bearer: Annotated[str, AfterValidator(_variable)] | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port, as they are written."""
        found = ORIGIN.match(self.url)
        assert found is not None
        return found[0]


def _named(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,63}", name, re.ASCII):
        raise ValueError("a source is called by letters, figures, `_` and `-`")
    return name


Sources = dict[Annotated[str, AfterValidator(_named)], SourceSettings]
