"""Pictures that lie in a campaign's folder and stand in its mails under the address of a server."""

from __future__ import annotations

import re
from collections.abc import Collection
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


def with_own_pictures(html: str, names: Collection[str], address: str) -> str:
    """The mail with pictures of the folder taken from there, whatever server they stand on later.

    >>> with_own_pictures('<img alt="" src="https://shop.example/a.png?v=1">', {"a.png"}, "../picture")
    '<img alt="" src="../picture/a.png">'
    """

    def own(found: re.Match[str]) -> str:
        return f"{found[1]}{found[2]}{address}/{found[3]}{found[2]}" if found[3] in names else found[0]

    return _IMG.sub(lambda tag: _SOURCE.sub(own, tag[0], count=1), html) if names else html
