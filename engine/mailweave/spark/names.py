"""Names as Spark writes them."""


def quoted(name: str) -> str:
    """A name of a column that may hold anything, dots included.

    >>> quoted("consent.marketing")
    '`consent.marketing`'
    """
    return "`" + name.replace("`", "``") + "`"
