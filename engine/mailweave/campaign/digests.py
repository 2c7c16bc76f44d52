"""The digest of a campaign: equal digests and versions mean equal e-mails."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from mailweave.campaign.catalogue_files import CATALOGUE
from mailweave.content.block_files import variant_files
from mailweave.message.attachment import Attachment
from mailweave.source import Source


def digest_of(
    read: Iterable[Source], context: Mapping[str, Any], locale: str, files: Iterable[Attachment] = ()
) -> str:
    """Of all that was read. files: what goes with every mail. locale: the one in which everybody is written to, where one
    was asked for: whoever opens the texts of such a campaign elsewhere has not the same mails.

    Names do not count, but for files whose name says for which locale they are.
    """
    total = sha256()
    for source in read:
        total.update(f"{_locale_file(source)}{len(source.text)} {source.text}".encode("utf-8", "replace"))
    total.update(json.dumps(context, sort_keys=True).encode())
    total.update(locale.encode())
    for one in files:
        total.update(sha256(one.content).digest())
    return total.hexdigest()


def _locale_file(source: Source) -> str:
    """The name of a catalogue, or of a variant of a block; else nothing."""
    name = PurePosixPath(source.name).name
    return f"{name} " if name.endswith(CATALOGUE) or any(variant_files([name])) else ""
