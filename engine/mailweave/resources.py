"""The one door to data files that ship with the package: the grammar, the stock blocks, example campaigns.

Installed (from a wheel, or zipped) they lie inside the package; in a checkout, at its root.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def folder(name: str) -> Traversable:
    """The folder `grammar`, `blocks` or `examples`, wherever this installation keeps it.

    Raises FileNotFoundError when the installation lacks it.

    >>> folder("grammar").is_dir()
    True
    """
    inside = files("mailweave") / name
    if inside.is_dir():
        return inside
    checkout = Path(__file__).resolve().parents[2] / name
    if checkout.is_dir():
        return checkout
    raise FileNotFoundError(f"this installation of mailweave lacks its folder {name!r}")


def text(name: str, file: str) -> str:
    """The text of `file` in the folder `name`."""
    return (folder(name) / file).read_text(encoding="utf-8")
