"""Which columns are personal: by their names, and by the shape of what they hold."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from mailweave.message.addresses import is_address

_WORDS: Final = frozenset(
    "email mail phone telephone tel mobile cell msisdn fax whatsapp birthday birthdate birth born dob street "
    "address postcode postal zip zipcode plz ip surname forename firstname lastname fullname username nickname "
    "vorname nachname straße strasse adresse prénom prenom apellido iban passport ssn latitude longitude lat lng geo".split()
)
_WHOSE: Final = frozenset("first last full given family middle nick display user customer contact".split())
_PARTS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_PHONE: Final = re.compile(r"\+[0-9][0-9 ()./-]{6,20}", re.ASCII)


def words_of(name: str) -> tuple[str, ...]:
    """The words that a name is made of, in lower case.

    >>> words_of("firstName"), words_of("E-Mail"), words_of("customer_id2")
    (('first', 'name'), ('e', 'mail'), ('customer', 'id'))
    """
    return tuple(word.lower() for word in _PARTS.findall(name))


def is_personal(name: str, values: Sequence[Any]) -> bool:
    """Whether a column is to be masked: its name says so, or all of its texts are addresses or numbers of people.

    >>> is_personal("firstName", ()), is_personal("product_name", ()), is_personal("x", ("ann@example.org",))
    (True, False, True)
    """
    return _named(words_of(name)) or any(_all(values, shape) for shape in (is_address, _is_phone, _is_ip))


def _named(words: tuple[str, ...]) -> bool:
    named = set(words)
    return bool(named & _WORDS) or ("name" in named and named - {"name"} <= _WHOSE)


def _all(values: Sequence[Any], shape: Callable[[str], bool]) -> bool:
    return bool(values) and all(isinstance(value, str) and shape(value) for value in values)


def _is_phone(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
