"""Pictures that lie in a campaign's folder and stand in its mails under the address of a server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mailweave.root import Refused, Root

FOLDER: Final = "pictures"
_MOST = 5_000_000  # bytes of a picture
_MEDIA = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
_IMG = re.compile(r"<img\b[^>]*", re.I)  # to the end where none closes it
_SOURCE = re.compile(r"(\ssrc=)([\"'])https?://[^\"'>]*/([\w.-]+)(?:\?[^\"'>]*)?\2", re.I)


def picture_names(folder: Path) -> frozenset[str]:
    """The pictures in the folder of a campaign, by name."""
    root = Root(folder)
    try:
        names = root.names(FOLDER) if root.is_folder(FOLDER) else ()
    except Refused:
        return frozenset()
    return frozenset(name for name in names if Path(name).suffix.lower() in _MEDIA)


def picture_data(folder: Path, name: str) -> tuple[bytes, str] | None:
    """A picture and its media type; None for a name that is not among `picture_names`, and what may not be read."""
    if name not in picture_names(folder):
        return None
    try:
        return Root(folder).data(f"{FOLDER}/{name}", _MOST), _MEDIA[Path(name).suffix.lower()]
    except Refused:
        return None


def with_own_pictures(html: str, addresses: Mapping[str, str]) -> str:
    """The mail with pictures of the folder taken from there, by name, whatever server they stand on later.

    >>> with_own_pictures('<img alt="" src="https://shop.example/a.png?v=1">', {"a.png": "../picture/a.png"})
    '<img alt="" src="../picture/a.png">'
    """

    def own(found: re.Match[str]) -> str:
        address = addresses.get(found[3])
        return found[0] if address is None else f"{found[1]}{found[2]}{address}{found[2]}"

    return _IMG.sub(lambda tag: _SOURCE.sub(own, tag[0], count=1), html) if addresses else html
