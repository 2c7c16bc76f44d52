"""Time zones from the pinned package `tzdata`, never from the machine: the same rules of summer time everywhere.

`zoneinfo` alone asks the system's files first, and those differ from one machine to the next.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from mailweave.values.invalid_value import InvalidValue, mistyped


def zone_data_version() -> str:
    """The release of the IANA data base that all zones here come from.

    Two machines that name the same one compute the same days.

    >>> zone_data_version()[:2]
    '20'
    """
    import tzdata

    return str(tzdata.IANA_VERSION)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every name of a zone in the data base."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone of a name. Raises InvalidValue for a name that is not in `zone_names`.

    >>> zone_named("Europe/Paris").key
    'Europe/Paris'
    """
    if name not in zone_names():
        raise InvalidValue("is a zone that the IANA data base does not know")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def to_zone(value: object) -> str:
    """The name of a zone of the IANA data base. Raises InvalidValue.

    >>> to_zone("Europe/Paris")
    'Europe/Paris'
    """
    name = value.key if isinstance(value, ZoneInfo) else value
    if not isinstance(name, str):
        raise mistyped(value, "the name of a zone")
    if name not in zone_names():
        raise InvalidValue("is a zone that the IANA data base does not know")
    return name
