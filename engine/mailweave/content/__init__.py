"""Content: blocks, stylesheets and layouts, made ready at compile time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailweave.content.edits import Inlined
    from mailweave.content.inliner import inline_once

__all__ = ["Inlined", "inline_once"]


if not TYPE_CHECKING:  # a name that is not there stays an error to mypy

    def __getattr__(name: str) -> object:
        # the inliner brings lxml, cssutils and premailer: only who inlines waits for them
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from mailweave.content import inliner

        return getattr(inliner, name)
