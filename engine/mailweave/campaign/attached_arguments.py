"""Files that a call gives for one recipient: looked at before anything is rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mailweave.campaign.arguments import is_list
from mailweave.campaign.message_settings import AttachedFile
from mailweave.decisions import Skip
from mailweave.diagnostics import ArgumentError
from mailweave.message.attachment import Attachment, checked_all
from mailweave.values.invalid_value import InvalidValue, type_name


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

    def of_many(
        self, given: object, key: str
    ) -> Callable[[Mapping[str, Any]], tuple[Attachment, ...] | Skip]:
        """What tells the files of each profile, by the recipient's key. Raises ArgumentError.

        A recipient without the files that are asked for is skipped.
        """
        if given is None:
            given = {}
        if not isinstance(given, Mapping):
            expected = "a mapping of recipients' keys to their files"
            raise ArgumentError("MW040", "attachments", expected, type_name(given))
        files = {name: self.checked(theirs, whole=True) for name, theirs in given.items()}
        others = Skip("bad_data", "attachments lack the files that the campaign asks for", "attachments")
        rest: tuple[Attachment, ...] | Skip = others if self.asked else ()

        def of(profile: Mapping[str, Any]) -> tuple[Attachment, ...] | Skip:
            name = profile.get(key) if isinstance(profile, Mapping) else None
            return files.get(name, rest) if isinstance(name, str) else rest

        return of


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
