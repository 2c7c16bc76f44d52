"""A list of people with doubles whose truth is known: made up, the same for one seed on every machine.

Each person has one to four rows. A double has what real ones have: a letter too few, too many, wrong or swapped, parts of
the name that changed places, accents that were lost, an initial, another case, another e-mail address, a number that is
missing, an older address. Strangers are near: families with one surname, address, telephone and sometimes one mailbox,
fathers and sons of one name, neighbours, people of one name in one town.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

_SYLLABLES: Final = (
    "ba be bo da do fa fe ga go ha he ja jo ka ki la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te "
    "ti to va vi wa we za zo bran cla dru fri gre kla kri pla sto tru"
).split()
_ENDS: Final = "n r s l th ck nd rt na la ta no ro ne rie lle tte".split()
_FIRST: Final = (
    "Anna Anne Hanna Johanna Maria Marie Marion John Joan Jon Johannes Peter Petra Paul Paula Pauline Ann Jan Jana Jean "
    "Jeanne Luc Lucas Lukas Lucie Eva Eve Zoë Zoe Chloé René Renée Jürgen Jörg Björn Sören Søren José Josef Joseph Miguel "
    "Michael Michel Michaela Daniel Daniela Danielle Thomas Tomas Tom Robert Roberta Bob William Will Elisabeth Elizabeth "
    "Lisa Liesbeth Mohammed Mohamed Ahmed Ahmad Fatima Aisha Chen Li Wei Olga Oleg Ivan Ivana Ingrid Astrid Sigrid"
).split()
_WAYS: Final = ("Street", "Road", "Lane", "Avenue", "Square", "Hill")
_ACCENTS: Final = str.maketrans("ëéüöøÅå", "eeuooAa")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"

Row = dict[str, Any]


class DirtyList(NamedTuple):
    """Rows, and of each the number of the person whom it tells of."""

    rows: list[Row]
    truth: list[int]


def dirty_people(count: int, seed: int) -> DirtyList:
    """`count` rows in random order, about a quarter of them doubles."""
    rng = random.Random(seed)
    made: list[tuple[int, Row]] = []
    for person, row in enumerate(_people(rng)):
        made.append((person, row))
        while rng.random() < 0.25:
            made.append((person, _double(rng, row)))
        if len(made) >= count:
            break
    del made[count:]
    rng.shuffle(made)
    rows = [{"id": f"{place:06d}", **row} for place, (_, row) in enumerate(made)]
    return DirtyList(rows, [person for person, _ in made])


def _people(rng: random.Random) -> Iterator[Row]:
    """Households without end."""
    surnames = [_word(rng).capitalize() for _ in range(4_000)]
    towns = [(_word(rng).capitalize(), f"{rng.randrange(10_000, 99_999)}") for _ in range(600)]
    streets = [f"{_word(rng).capitalize()} {rng.choice(_WAYS)}" for _ in range(2_500)]
    while True:
        town, code = rng.choice(towns)
        home = {
            "last_name": rng.choice(surnames),
            "street": f"{rng.randrange(1, 180)} {rng.choice(streets)}",
            "postcode": code,
            "town": town,
        }
        yield from _household(rng, home)


def _household(rng: random.Random, home: Row) -> Iterator[Row]:
    phone, mailbox = _phone(rng), None
    father = ""
    for place in range(rng.choices((1, 2, 3, 4), (60, 22, 10, 8))[0]):
        first = father if place and rng.random() < 0.02 else rng.choice(_FIRST)
        father = father or first
        email = _email(rng, first, home["last_name"])
        if mailbox is not None and rng.random() < 0.05:
            email = mailbox
        mailbox = mailbox or email
        yield {
            "first_name": first,
            **home,
            "email": email,
            "phone": phone if rng.random() < 0.5 else _phone(rng),
            "birthday": f"{rng.randrange(1930, 2008)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
            "updated": f"2026-{rng.randrange(1, 12):02d}-{rng.randrange(1, 29):02d}T09:00:00Z",
        }


def _double(rng: random.Random, row: Row) -> Row:
    """The same person, as another form or another year had them."""
    double = dict(row)
    for change in rng.sample(_CHANGES, rng.choices((0, 1, 2, 3), (10, 40, 35, 15))[0]):
        change(rng, double)
    for name, chance in (("email", 0.25), ("phone", 0.35), ("birthday", 0.3)):
        if rng.random() < chance:
            double.pop(name, None)
    double["updated"] = f"2025-{rng.randrange(1, 12):02d}-{rng.randrange(1, 29):02d}T09:00:00Z"
    return double


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((1, 2, 2, 3)))) + rng.choice(_ENDS)


def _email(rng: random.Random, first: str, last: str) -> str:
    local = f"{first}.{last}".lower().translate(_ACCENTS)
    return (
        f"{local}{rng.randrange(1, 10_000)}@{rng.choice(('example.com', 'example.org', 'mail.example.net'))}"
    )


def _phone(rng: random.Random) -> str:
    return f"+3531{rng.randrange(2_000_000, 9_999_999)}"


def _misspelt(rng: random.Random, text: str) -> str:
    """One letter too few, too many, wrong, or swapped with the next; never the first."""
    if len(text) < 3:
        return text
    at = rng.randrange(1, len(text) - 1)
    other = rng.choice(_LETTERS)
    return rng.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + other + text[at:],
            text[:at] + other + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
    )


def _misspell(name: str) -> Callable[[random.Random, Row], None]:
    def change(rng: random.Random, row: Row) -> None:
        row[name] = _misspelt(rng, row[name])

    return change


def _shout(rng: random.Random, row: Row) -> None:
    row.update(
        {name: row[name].upper() for name in ("first_name", "last_name", "street", "town") if name in row}
    )


def _lose_accents(rng: random.Random, row: Row) -> None:
    row["first_name"] = row["first_name"].translate(_ACCENTS)


def _change_places(rng: random.Random, row: Row) -> None:
    row["first_name"], row["last_name"] = row["last_name"], row["first_name"]


def _shorten(rng: random.Random, row: Row) -> None:
    row["first_name"] = row["first_name"][0] + "."


def _shout_email(rng: random.Random, row: Row) -> None:
    row["email"] = row["email"].capitalize()


def _change_email(rng: random.Random, row: Row) -> None:
    row["email"] = _email(rng, row["first_name"], row["last_name"])


def _change_phone(rng: random.Random, row: Row) -> None:
    row["phone"] = _phone(rng)


def _forget_town(rng: random.Random, row: Row) -> None:
    row.pop("town", None)


def _move(rng: random.Random, row: Row) -> None:
    row["street"], row["postcode"] = (
        f"{rng.randrange(1, 180)} {_word(rng).capitalize()} Way",
        f"{rng.randrange(10_000, 99_999)}",
    )


_CHANGES: Final = (
    _misspell("first_name"),
    _misspell("last_name"),
    _misspell("street"),
    _shout,
    _lose_accents,
    _change_places,
    _shorten,
    _shout_email,
    _change_email,
    _change_phone,
    _forget_town,
    _move,
)
