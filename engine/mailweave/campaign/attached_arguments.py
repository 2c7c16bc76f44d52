"""Files that a call gives for one recipient: looked at before anything is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar
from unicodedata import normalize

from mailweave.campaign.arguments import is_list
from mailweave.campaign.message_settings import AttachedFile
from mailweave.decisions import Skip
from mailweave.diagnostics import ArgumentError
from mailweave.message.attachment import Attachment, checked_all
from mailweave.values.invalid_value import InvalidValue, type_name

_Answer = TypeVar("_Answer")


class AttachedArguments:
    """What a campaign asks of the files that callers give. `own`: those that it has itself; `asked`: the content ids of
    those that they must give."""

    __slots__ = ("asked", "own")

    def __init__(self, declared: Iterable[AttachedFile], own: tuple[Attachment, ...]) -> None:
        self.asked = tuple(one.called for one in declared if not one.file)
        self.own = own

    def checked(self, given: object, *, whole: bool = False) -> tuple[Attachment, ...]:
        """The files as a tuple; `whole`: none that is asked for may lack. Raises ArgumentError."""
        if given == () and not (whole and self.asked):
            return ()
        files = _listed(given)
        try:
            checked_all((*self.own, *files))
        except InvalidValue as refusal:
            got = f"one whose {refusal.path} {refusal.reason}"
            raise ArgumentError("MW040", "attachments", "files that can go with one mail", got) from None
        shown = {one.content_id for one in files if one.content_id}
        beyond = sorted(shown.difference(self.asked))
        if beyond:
            expected = (
                f"content ids that campaign.toml declares without `file`: {', '.join(self.asked) or 'none'}"
            )
            raise ArgumentError("MW040", "attachments", expected, ", ".join(beyond))
        lacking = sorted(set(self.asked) - shown) if whole else []
        if lacking:
            raise ArgumentError("MW040", "attachments", f"a file called {', '.join(lacking)}", "none")
        return files

    def of_many(self, given: object, key: str) -> FilesOfMany:
        """The files of each profile, by the recipient's key. Raises ArgumentError.

        A recipient without the files that are asked for is skipped.
        """
        if given is None:
            given = {}
        expected = "a mapping of recipients' keys to their files"
        if not isinstance(given, Mapping):
            raise ArgumentError("MW040", "attachments", expected, type_name(given))
        files: dict[str, tuple[Attachment, ...]] = {}
        for name, theirs in given.items():
            if not isinstance(name, str):
                raise ArgumentError("MW040", "attachments", f"{expected}, which are texts", type_name(name))
            if normalize("NFC", name) in files:
                raise ArgumentError("MW040", "attachments", expected, "two keys that are one in NFC")
            files[normalize("NFC", name)] = self.checked(theirs, whole=True)
        others = Skip("bad_data", "attachments lack the files that the campaign asks for", "attachments")
        return FilesOfMany(files, others if self.asked else (), key)


class FilesOfMany:
    """The files that a call gives by recipients' keys, in NFC; `rest` is for whoever has none there."""

    __slots__ = ("_files", "_key", "_rest", "_unmet")

    def __init__(
        self, files: Mapping[str, tuple[Attachment, ...]], rest: tuple[Attachment, ...] | Skip, key: str
    ) -> None:
        self._files, self._rest, self._key, self._unmet = files, rest, key, set(files)

    def of(self, profile: Mapping[str, Any]) -> tuple[Attachment, ...] | Skip:
        """The files of one recipient, or why there is no mail."""
        if not self._files:
            return self._rest
        name = profile.get(self._key) if isinstance(profile, Mapping) else None
        if isinstance(name, int) and name.bit_length() <= 64:
            name = str(name)  # of rules that declare no key
        if not isinstance(name, str):
            return self._rest
        name = normalize("NFC", name)
        self._unmet.discard(name)
        return self._files.get(name, self._rest)

    def all_met(self, answers: Iterator[_Answer]) -> Iterator[_Answer]:
        """`answers`, and behind the last one ArgumentError for keys that nobody had: their files went to nobody."""
        yield from answers
        if self._unmet:
            some = f"keys that no profile has, {len(self._unmet)} of {len(self._files)}"
            raise ArgumentError("MW040", "attachments", "files by the keys of the profiles", some)


def _listed(given: object) -> tuple[Attachment, ...]:
    expected = "a list of mailweave.Attachment"
    if not is_list(given):
        raise ArgumentError("MW040", "attachments", expected, type_name(given))
    files: tuple[object, ...] = tuple(given)  # type: ignore[arg-type]  # `is_list` has looked
    ready = tuple(one for one in files if isinstance(one, Attachment))
    if len(ready) < len(files):
        wrong = next(one for one in files if not isinstance(one, Attachment))
        raise ArgumentError("MW040", "attachments", expected, f"a list with {type_name(wrong)} in it")
    return ready
