"""E-mail addresses and telephone numbers in one form each; nothing is asked of the network.

Libraries: email-validator (RFC 5321, 5322, 6531) and phonenumbers (the numbering plans of Google's libphonenumber).
"""

from __future__ import annotations

import re
from typing import Final

from mailweave.data.intake.refusals import CellRefused

_FIGURES: Final = re.compile(r"[\d\s()+./\u2010-\u2015-]+")


def read_address(text: str) -> str:
    """The address with its domain in small letters, in NFC. The local part stays as it is: it is its host's alone.

    An address that only a mail with SMTPUTF8 reaches is kept. Raises CellRefused (`email`).

    >>> read_address("Ann@Example.COM")
    'Ann@example.com'
    """
    from email_validator import validate_email

    try:
        return validate_email(text, check_deliverability=False).normalized
    except ValueError:  # EmailNotValidError is one, whose words quote parts of the address
        raise CellRefused("email", "is no e-mail address") from None


def read_phone(text: str, region: str | None) -> str:
    """The number in E.164. `region`: whose number it is where it begins without `+`.

    Raises CellRefused: `phone` for what is no number of its plan, or more than a number (the library makes digits of
    letters, and drops what follows ` / x`), `phone_region` for one without `+` and region,
    `phone_extension` for one with an extension, which E.164 has no place for.

    >>> read_phone("01 42 68 53 00", "FR")
    '+33142685300'
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and region is None:
            why = "has no `+` and its country: say `region` in data.toml"
            raise CellRefused("phone_region", why) from None
        raise CellRefused("phone", "is no telephone number") from None
    if number.extension:
        raise CellRefused("phone_extension", "has an extension, which E.164 has no place for")
    if not _FIGURES.fullmatch(text) or not phonenumbers.is_valid_number(number):
        raise CellRefused("phone", "is no number of its country's plan, or more than one")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
