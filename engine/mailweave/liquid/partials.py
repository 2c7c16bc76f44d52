"""The partials of one template: parsed by its own environment, shared with nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from liquid.builtin import DictLoader
from liquid.context import RenderContext
from liquid.exceptions import TemplateNotFoundError
from liquid.template import BoundTemplate

from liquid import Environment
from mailweave.source import Source


class PartialLoader(DictLoader):
    """A loader over the partials a caller gave; remembers them as sources, for places in findings."""

    def __init__(self, partials: Mapping[str, str | Source]) -> None:
        self.sources = {name: as_source(text, name) for name, text in partials.items()}
        super().__init__({name: source.text for name, source in self.sources.items()})
        self.bind: Callable[[str], BoundTemplate] | None = None

    def load(
        self,
        env: Environment,
        name: str,
        *,
        globals: Mapping[str, object] | None = None,
        context: RenderContext | None = None,
        **kwargs: object,
    ) -> BoundTemplate:
        """The partial as both runners may render it: transformed, with escapers in it."""
        if name not in self.sources:
            raise TemplateNotFoundError(name)
        assert self.bind is not None
        return self.bind(name)


def as_source(text: str | Source, name: str) -> Source:
    """A text with a name."""
    return text if isinstance(text, Source) else Source(name, text)
