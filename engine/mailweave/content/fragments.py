"""Changed attributes, written as HTML that may hold conditions."""

from __future__ import annotations

from collections.abc import Mapping

from mailweave.content.guards import PATH, Guards
from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.shield import Shield, in_attribute
from mailweave.markup.stylesheet import parse_declarations

_SIX = (1, 1, 2, 2, 3, 3)


def attribute(
    shield: Shield,
    guards: Guards,
    name: str,
    attributes: Mapping[str, str],
    blank: Mapping[str, str],
    original: Mapping[str, str],
) -> str:
    """The attribute `name` as it is written, its Liquid put back; nothing, if there is none.

    `blank` holds the attributes of the element when all that can be blank is: what then shows is the other
    branch.
    """
    value = attributes.get(name)
    if value is None:
        return ""
    unit = f"{value}px" in (p.value for p in parse_declarations(attributes.get("style", "")))
    if name == "style":
        return f'style="{_restored(shield, _style(guards, value, blank.get("style", "")))}"'
    text = f'{name}="{_presentational(shield, name, value, unit)}"'
    if unit:
        return _quoted(shield, text)
    otherwise = f'{name}="{blank[name]}"' if name in blank else ""
    if name == "bgcolor" and (path := _path(shield, value)):
        text = (
            shield.hide(f'{{% unless {path} contains "transparent" %}}')
            + text
            + shield.hide("{% endunless %}")
        )
    return _quoted(shield, guards.guarded(value, text, otherwise))


def _style(guards: Guards, value: str, blank: str) -> str:
    """A style in which each declaration that can be blank has its condition."""
    below = {p.name: str(p) for p in parse_declarations(blank)}
    out = []
    for one in parse_declarations(value):
        text = str(one)
        if guards.paths(one.value):
            under = below.get(one.name, "")
            text = guards.guarded(one.value, text + ";", under + ";" if under else "")
            out.append(text + " ")
        else:
            out.append(text + "; ")
    return "".join(out).strip().removesuffix(";")


def _presentational(shield: Shield, name: str, value: str, unit: bool) -> str:
    """A value for Outlook's attributes, as premailer would write it for what Liquid will write."""
    output = _only_output(shield, value)
    if output is None or unit:
        return value
    if name in ("width", "height"):
        return shield.hide(f'{{{{ {output.inside} | remove: "px" }}}}')
    if name == "bgcolor" and PATH.fullmatch(output.inside):
        return _six_digits(shield, output.inside)
    return value


def _only_output(shield: Shield, value: str) -> Piece | None:
    text = shield.restore(value)
    held = pieces(text)
    whole = len(held) == 1 and held[0].text == text.strip() and held[0].kind is Kind.OUTPUT
    return held[0] if whole else None


def _path(shield: Shield, value: str) -> str:
    output = _only_output(shield, value)
    return output.inside if output and PATH.fullmatch(output.inside) else ""


def _six_digits(shield: Shield, path: str) -> str:
    """A colour with each of three digits doubled: Lotus Notes reads no others."""
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


def _unless_transparent(shield: Shield, path: str, text: str, otherwise: str) -> str:
    """A colour that is none leaves the attribute as it was."""
    start = shield.hide(f'{{% unless {path} contains "transparent" %}}')
    other = shield.hide("{% else %}") + otherwise if otherwise else ""
    return start + text + other + shield.hide("{% endunless %}")


def _restored(shield: Shield, value: str) -> str:
    return shield.restore(value, in_attribute)


def _quoted(shield: Shield, written: str) -> str:
    """A whole `name="value"` with its Liquid put back: its own quotes stay."""
    return shield.restore(written, lambda static: in_attribute(static).replace("&quot;", '"'))
