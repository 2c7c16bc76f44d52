"""The author's texts in other languages: put into templates once, for all locales that have them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from mailweave.campaign.block_bindings import Use
from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.images_by_locale import ImagesByLocale
from mailweave.campaign.setting_forms import by_recipient
from mailweave.content.catalogues import Catalogue, Translation
from mailweave.content.inputs import BoundInputs, FieldSpec, InputSpec
from mailweave.content.messages import Message, bare, has_letters, of_line, problem, rebuilt, words_of_html
from mailweave.content.pseudo_locales import PseudoCatalogue
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.pieces import pieces
from mailweave.source import Source, Span
from mailweave.values.locales import chain

STRINGS: Final = "strings"
"""The context of the words of `[strings]`."""


class TranslatedTexts:
    """Templates with the texts of all catalogues in them, and the words of each locale.

    A text without placeholders becomes a word of `campaign.messages`; one with placeholders a branch for each
    translation, by `campaign.words`. Where the campaign has one locale, its texts are put in at once. `asked` holds
    each text that there is to translate, by its context; `left_out` those that cannot be, as they hold tags of Liquid.
    `variants`: further locales by which blocks differ.
    """

    def __init__(
        self, config: CampaignConfig, catalogues: Mapping[str, Catalogue], variants: Collection[str] = ()
    ) -> None:
        self._config, self._catalogues = config, catalogues
        self._told_apart = tuple(dict.fromkeys((*catalogues, *config.images, *variants)))
        self.images = ImagesByLocale(config.images, self.by_locale)
        self._fixed = None if by_recipient(config.locale) else config.locale
        self._words: dict[tuple[str, str], str] = {}
        self._broken: dict[tuple[str, int], Diagnostic] = {}
        self.asked: dict[tuple[str, str], Message] = {}
        self.left_out: dict[tuple[str, str], None] = {}
        for text in config.strings.values():
            self._ask(STRINGS, of_line(text) or Message(text, Span(0, len(text))))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Each translation that lacks a placeholder of its text, or breaks its tags."""
        return tuple(self._broken.values())

    def html(self, text: str, context: str, *, said: Collection[str] = ()) -> str:
        """HTML with its messages in other languages, without those that are `said` in the right one already."""
        for message in reversed(words_of_html(text)):
            if message.text in said:
                continue
            own = text[message.span.start : message.span.stop]
            if not message.text:
                self._leave_out(context, "" if said else own)
                continue
            made = self._said(message, context, own, is_html=True)
            if made is not None:
                text = text[: message.span.start] + made + text[message.span.stop :]
        return text

    def text(self, text: str, context: str, *, said: Collection[str] = ()) -> str:
        """A plain text with its lines in other languages; those with tags of Liquid stay as they are."""
        return "".join(self._of_text(text, context, said))

    def _of_text(self, text: str, context: str, said: Collection[str]) -> Iterator[str]:
        broken = [piece.span for piece in pieces(text) if "\n" in piece.text]  # a piece over several lines
        at, outside = 0, bare(text)
        for line in text.splitlines(keepends=True):
            words, stop = line.strip(), at + len(line)
            is_whole = not any(span.start < stop and at < span.stop for span in broken)
            if not is_whole and has_letters(outside[at:stop]):
                self._leave_out(context, words)
            yield (
                line.replace(words, self.line(Source("", words), context).text, 1)
                if words and is_whole and words not in said
                else line
            )
            at = stop

    def line(self, source: Source, context: str) -> Source:
        """A line or an input in other languages."""
        message = of_line(source.text)
        if message is None and has_letters(bare(source.text)):
            self._leave_out(context, source.text)
        made = None if message is None else self._said(message, context, source.text, is_html=False)
        return source if made is None else Source(source.name, made)

    def use(self, use: Use) -> Use:
        """A block with its inputs in other languages; those with marks stand in its templates."""
        values, templates = use.inputs.values, dict(use.inputs.templates)
        for path, text in _texts(use.block.spec.inputs, values):
            if path in use.marks:
                continue
            source = templates.get(path) or Source(f"<{use.name}>", text)
            made = self.line(source, f"inputs/{use.name}")
            if made is not source:
                templates[path] = made
        return replace(use, inputs=self.images.inputs(BoundInputs(values, templates)))

    def of(self, locale: str) -> Mapping[str, Any]:
        """What `campaign` has besides for a locale."""
        stand_ins = chain(locale)
        messages = {
            name: _or(self._find(stand_ins, context, text), text)
            for (context, text), name in self._words.items()
        }
        spoken = next((name for name in stand_ins if name in self._told_apart), "")
        return {"messages": messages, "words": spoken}

    def strings(self, locale: str, words: Mapping[str, str]) -> dict[str, str]:
        """The words of `[strings]` that have a translation; in a pseudo-locale all words of the stock blocks have."""
        is_pseudo = any(isinstance(one, PseudoCatalogue) for one in self._catalogues.values())
        said = words if is_pseudo else self._config.strings
        found = {name: self._find(chain(locale), STRINGS, text) for name, text in said.items()}
        return {name: one.text for name, one in found.items() if one is not None}

    def _leave_out(self, context: str, text: str) -> None:
        if text:
            self.left_out[context, " ".join(text.split())] = None

    def _ask(self, context: str, message: Message) -> None:
        self.asked.setdefault((context, message.text), message)
        for catalogue in self._catalogues.values():
            found = catalogue.find(context, message.text)
            why = "" if found is None else _wrong(message, found)
            if found is not None and why:
                span = Span(found.at, found.at + 1)
                self._broken[found.source.name, found.at] = diagnose("MW062", found.source, span, why=why)

    def by_locale(self, own: str, others: Mapping[str, str]) -> str:
        """A template that is another for the readers of some locales."""
        if self._fixed is not None:
            return next((others[one] for one in chain(self._fixed) if one in others), own)
        nearest = {name: next((one for one in chain(name) if one in others), "") for name in self._told_apart}
        return branched(own, {name: others[one] for name, one in nearest.items() if one})

    def _said(self, message: Message, context: str, own: str, *, is_html: bool) -> str | None:
        self._ask(context, message)

        def made(found: Translation) -> str:
            return rebuilt(message, found.text, is_html=is_html)

        if self._fixed is not None:
            found = self._find(chain(self._fixed), context, message.text)
            return None if found is None or _wrong(message, found) else made(found)
        by_locale = {name: self._find(chain(name), context, message.text) for name in self._told_apart}
        known = {name: one for name, one in by_locale.items() if one is not None}
        if not known or any(_wrong(message, one) for one in known.values()):
            return None
        if not message.parts:
            key = self._words.setdefault((context, message.text), f"m{len(self._words)}")
            return f"{{{{ campaign.messages.{key} }}}}"
        return branched(own, {name: made(one) for name, one in known.items()})

    def _find(self, stand_ins: tuple[str, ...], context: str, text: str) -> Translation | None:
        for name in stand_ins:
            catalogue = self._catalogues.get(name)
            found = None if catalogue is None else catalogue.find(context, text)
            if found is not None:
                return found
        return None


def _wrong(message: Message, found: Translation) -> str:
    """What is wrong with a translation, in words; "" where nothing is."""
    return found.why or problem(message, found.text)


def _or(found: Translation | None, text: str) -> str:
    return text if found is None else found.text


def branched(own: str, others: Mapping[str, str]) -> str:
    """A template with a branch for each of these, by the locales that tell recipients apart."""
    arms: dict[str, list[str]] = {}
    for name, text in others.items():
        if text != own:
            arms.setdefault(text, []).append(f'"{name}"')
    if not arms:
        return own
    whens = "".join(f"{{% when {', '.join(names)} %}}{text}" for text, names in arms.items())
    return "{% case campaign.words %}" + whens + "{% else %}" + own + "{% endcase %}"


def _texts(
    inputs: Mapping[str, InputSpec], values: Mapping[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The inputs that are texts, by their paths."""
    for name, value in values.items():
        spec = inputs[name]
        if spec.type == "list":
            for index, record in enumerate(value or ()):
                for key, item in record.items():
                    if key in spec.fields and _is_text(spec.fields[key], item):
                        yield (name, index, key), item
        elif _is_text(spec, value):
            yield (name,), value


def _is_text(spec: InputSpec | FieldSpec, value: Any) -> bool:
    return spec.type in ("text", "rich") and isinstance(value, str)
