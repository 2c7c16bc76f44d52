"""Names and addresses as Spark writes them."""

import re
from pathlib import Path


def quoted(name: str) -> str:
    """A name of a column that may hold anything, dots included.

    >>> quoted("consent.marketing")
    '`consent.marketing`'
    """
    return "`" + name.replace("`", "``") + "`"


def address(path: Path) -> str:
    """A file of this machine as Spark writes to it: an address that nothing is escaped in.

    >>> address(Path("/lists/new people"))
    'file:///lists/new people'
    """
    return f"file://{path}"


def pattern(path: Path) -> str:
    """The same as Spark reads from it, which takes an address for a glob.

    >>> pattern(Path("/lists/people.csv"))
    'file:///lists/people.csv'
    """
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", address(path))
