"""Changed attributes, written as HTML that may hold conditions."""

from __future__ import annotations

from mailweave.content.guards import PATH
from mailweave.content.premailer_adapter import FEEDS_ATTRIBUTE
from mailweave.content.runs import Layer
from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.shield import Shield, in_attribute
from mailweave.markup.stylesheet import Property

_SIX = (1, 1, 2, 2, 3, 3)


def attribute(name: str, layer: Layer) -> str:
    """The attribute `name` of a tag as it is written, its Liquid put back; nothing, if there is none."""
    shield = layer.runs.page.shield
    if not layer.is_changed:
        own = layer.runs.raw(layer.number, layer.run).get(name)
        return "" if own is None else _written(name, shield.restore(shield.cover(own).replace('"', "&quot;")))
    if name == "style":
        style = " ".join(_declaration(layer, one) for one in layer.style).removesuffix(";")
        return f'style="{shield.restore(style, in_attribute)}"' if "style" in layer.values else ""
    return _quoted(shield, _outlook(layer, name))


def _declaration(layer: Layer, one: Property) -> str:
    """A declaration; where it can be blank, under a condition, with what shows through as the other branch."""
    guards = layer.runs.guards
    if not guards.deciders(one.value):
        return f"{one};"
    below = layer.under(one)
    showing = below.declared(one.name)
    return guards.guarded(one.value, f"{one};", _declaration(below, showing) if showing else "")


def _outlook(layer: Layer, name: str) -> str:
    """A whole attribute for Outlook, as premailer would write it for what Liquid will write."""
    value = layer.values.get(name)
    if value is None:
        return ""
    shield, guards = layer.runs.page.shield, layer.runs.guards
    feeding = next((one for one in layer.style if FEEDS_ATTRIBUTE.get(one.name) == name), None)
    if feeding is None or feeding.value == f"{value}px" or not shield.hides(value):
        return _written(name, value)
    text = _written(name, value)
    if name in ("width", "height"):
        text = _number(shield, name, value)
    elif name == "bgcolor":
        text = _colour(layer, value, feeding.important)
    below = _outlook(layer.under(feeding), name) if guards.deciders(feeding.value) else ""
    return guards.guarded(feeding.value, text, below)


def _written(name: str, value: str) -> str:
    return f'{name}="{value}"'


def _number(shield: Shield, name: str, value: str) -> str:
    """A size without its unit, should Liquid write one."""
    text = shield.restore(value)
    held = pieces(text)
    if held[-1].span.stop != len(text):
        return _written(name, value)
    output = _only_output(held, text)
    if output:
        return _written(name, shield.hide(f'{{{{ {output.inside} | remove: "px" }}}}'))
    before, path = _named(shield, value)
    return before + _written(name, shield.hide(f'{{{{ {path} | remove: "px" }}}}'))


def _colour(layer: Layer, value: str, important: bool) -> str:
    """A colour with each of three digits doubled, as Lotus Notes needs it; one that is none leaves the
    attribute as it was."""
    shield = layer.runs.page.shield
    original = layer.runs.original(layer.number, layer.run, layer.blanked).get("bgcolor")
    before, path = _named(shield, value)
    text = _written("bgcolor", shield.hide(f"{{{{ {path} }}}}") if important else _six_digits(shield, path))
    start = shield.hide(f'{{% unless {path} contains "transparent" %}}')
    other = shield.hide("{% else %}") + _written("bgcolor", original) if original else ""
    return before + start + text + other + shield.hide("{% endunless %}")


def _only_output(held: tuple[Piece, ...], text: str) -> Piece | None:
    whole = len(held) == 1 and held[0].text == text.strip() and held[0].kind is Kind.OUTPUT
    return held[0] if whole else None


def _named(shield: Shield, value: str) -> tuple[str, str]:
    """A path to what a value comes to, and the tags that must stand before."""
    text = shield.restore(value)
    held = pieces(text)
    output = _only_output(held, text)
    if output and PATH.fullmatch(output.inside):
        return "", output.inside
    name, tags, joined, at = f"{shield.nonce}v", "", '""', 0
    for number, piece in enumerate(held):
        tags += f'{{% assign {name}{number} = {piece.inside} | append: "" %}}'
        joined += _literal(text[at : piece.span.start]) + f" | append: {name}{number}"
        at = piece.span.stop
    return shield.hide(f"{tags}{{% assign {name} = {joined}{_literal(text[at:])} %}}"), name


def _literal(text: str) -> str:
    quote = "'" if '"' in text else '"'
    return f" | append: {quote}{text}{quote}" if text else ""


def _six_digits(shield: Shield, path: str) -> str:
    """A colour with each of three digits doubled."""
    digits = "".join(f"{{{{ {path} | slice: {at} }}}}" for at in _SIX)
    return "".join(
        (
            shield.hide(f'{{% if {path}.size == 4 and {path} contains "#" %}}'),
            "#" + shield.hide(digits),
            shield.hide("{% else %}"),
            shield.hide(f"{{{{ {path} }}}}"),
            shield.hide("{% endif %}"),
        )
    )


def _quoted(shield: Shield, written: str) -> str:
    """A whole `name="value"` with its Liquid put back: its own quotes stay."""
    return shield.restore(written, lambda static: in_attribute(static).replace("&quot;", '"'))
