"""The look of a campaign: one set of variables, put into CSS and HTML when the campaign is compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mailweave.content.toml import Path, TomlText
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.source import Source, Span, edited
from mailweave.values.contrast import contrast

Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Fonts = Annotated[str, Field(pattern=r"^[A-Za-z0-9 ,'\-]+$", max_length=200)]
Pixels = Annotated[int, Field(ge=0, le=64)]

ENOUGH = 4.5  # WCAG 2.2 AA for text of normal size
COMFORTABLE = 6.5  # what we aim at when we choose the colour

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_VARIABLE = re.compile(r"var\(\s*--mw-([A-Za-z0-9-]+)\s*\)")
_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->", re.S)
_KNOWS_DARK = re.compile(
    r"color-schemes?\s*:[^;}>)]*\bdark\b"  # a property, or prefers-color-scheme: dark
    r"|<meta\b(?=[^>]*color-scheme)[^>]*\bcontent\s*=\s*[\"'][^\"']*\bdark\b",
    re.I,
)
_PAIRS = (
    ("text", "surface"),
    ("text", "panel"),
    ("text", "background"),
    ("muted", "surface"),
    ("muted", "panel"),
    ("muted", "background"),
    ("primary", "surface"),
    ("primary", "panel"),
    ("primary", "background"),
    ("accent", "surface"),
    ("accent", "panel"),
    ("on_primary", "primary"),
)


_SIDES = {
    "ltr": {"start": "left", "end": "right", "before": "0 0 0 12px", "indent": "0 0 16px 24px"},
    "rtl": {"start": "right", "end": "left", "before": "0 12px 0 0", "indent": "0 24px 16px 0"},
}


class Theme(BaseModel):
    """The variables of `[theme]` in `campaign.toml`; colours as #rrggbb, sizes in pixels.

    In CSS and in the HTML of blocks and layouts, `var(--mw-on-primary)` stands for `on_primary`.
    The `dark_` colours are used where a mail client asks for a dark scheme; `dark_primary` and
    `dark_accent` follow from `primary` and `accent` unless they are given.

    >>> Theme().contrast("text", "surface") > 4.5
    True
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    background: Color = "#f2f3f7"
    surface: Color = "#fdfdfe"
    panel: Color = "#f2f4fb"
    border: Color = "#dcdfe8"
    text: Color = "#20242e"
    muted: Color = "#565d6d"
    primary: Color = "#3347c4"
    on_primary: Color = "#fdfdfe"
    accent: Color = "#a8321f"
    dark_background: Color = "#101217"
    dark_surface: Color = "#191c23"
    dark_panel: Color = "#232733"
    dark_border: Color = "#363b49"
    dark_text: Color = "#eceef3"
    dark_muted: Color = "#b0b6c4"
    dark_primary: Color = "#a9b6ff"
    dark_on_primary: Color = "#12141b"
    dark_accent: Color = "#ffab99"
    font: Fonts = "Helvetica, Arial, sans-serif"
    heading_font: Fonts = "Helvetica, Arial, sans-serif"
    radius: Pixels = 6
    spacing: Pixels = 32

    @model_validator(mode="before")
    @classmethod
    def _dark_twins(cls, given: Any) -> Any:
        """A brand colour without a dark twin gets one: as light as a dark ground needs."""
        if not isinstance(given, Mapping):
            return given
        ground = given.get("dark_panel", cls.model_fields["dark_panel"].default)
        lightened = {
            f"dark_{name}": _lightened(given[name], ground)
            for name in ("primary", "accent")
            if f"dark_{name}" not in given and _is_color(given.get(name)) and _is_color(ground)
        }
        return {**given, **lightened}

    def variables(self, *, direction: str = "ltr") -> Mapping[str, str]:
        """The values by the names they have in CSS; those of sides follow the direction of writing."""
        values = {name.replace("_", "-"): _css(value) for name, value in self}
        return {**values, **self._sized(), **_SIDES[direction], "dir": direction}

    def _sized(self) -> Mapping[str, str]:
        arc = f"{round(100 * self.radius / 48)}%"  # Outlook measures a corner by the button's height
        return {"arc": arc, "half": f"{self.spacing // 2}px"}

    def contrast(self, front: str, back: str) -> float:
        """The contrast of two colours of this theme, from 1 to 21, as WCAG defines it."""
        return _contrast(getattr(self, front), getattr(self, back))


def themed(source: Source, theme: Theme, *, direction: str = "ltr") -> tuple[str, tuple[Diagnostic, ...]]:
    """CSS or HTML with each `var(--mw-name)` replaced; an unknown name is a diagnostic.

    >>> themed(Source("a.css", "p { border-radius: var(--mw-radius) }"), Theme())[0]
    'p { border-radius: 6px }'
    """
    made, found = themed_source(source, theme, direction=direction)
    return made.text, found


def themed_source(
    source: Source, theme: Theme, *, direction: str = "ltr"
) -> tuple[Source, tuple[Diagnostic, ...]]:
    """Like `themed`, as a text that still knows the places of a text put together from several."""
    values = theme.variables(direction=direction)
    found: list[Diagnostic] = []
    edits: list[tuple[Span, str]] = []
    for match in _VARIABLE.finditer(source.text):
        name = match[1]
        if name not in values:
            known = ", ".join(values)
            span, hint = Span(match.start(1), match.end(1)), did_you_mean(name, values)
            found.append(diagnose("MW610", source, span, name=name, known=known, help=hint))
        edits.append((Span(*match.span()), values.get(name, match[0])))
    if not edits:
        return source, ()
    made = edited(source, edits)
    own = made if source.pieces else Source(source.name, made.text, shared=source.shared)
    return own, tuple(found)


def knows_dark(text: str) -> bool:
    """Whether HTML or CSS says that it has a dark scheme: by a meta element, a property or a media query.

    >>> knows_dark('<meta name="color-scheme" content="light dark">'), knows_dark(":root{color-scheme:light}")
    (True, False)
    """
    return _KNOWS_DARK.search(_COMMENT.sub("", text)) is not None


def check_contrast(
    theme: Theme, *, texts: Sequence[TomlText] = (), at: Path = ("theme",)
) -> tuple[Diagnostic, ...]:
    """A warning for each pair of colours that stand on each other and cannot be read.

    texts: the settings that may give them, those that count first.
    """
    pairs = [*_PAIRS, *((f"dark_{front}", f"dark_{back}") for front, back in _PAIRS)]
    return tuple(
        _too_low(theme, front, back, texts, at)
        for front, back in pairs
        if theme.contrast(front, back) < ENOUGH
    )


def _too_low(theme: Theme, front: str, back: str, texts: Sequence[TomlText], at: Path) -> Diagnostic:
    ratio = f"{int(theme.contrast(front, back) * 100) / 100:.2f}"
    if not texts:
        return diagnose("MW609", place="[theme]", front=front, back=back, ratio=ratio)
    given = ((text, name) for text in texts for name in (front, back) if (*at, name) in text.places)
    text, written = next(given, (texts[0], back))
    return diagnose(
        "MW609", text.source, text.value_span((*at, written)), front=front, back=back, ratio=ratio
    )


def _css(value: str | int) -> str:
    return f"{value}px" if isinstance(value, int) else value


def _contrast(one: str, other: str) -> float:
    return contrast(_channels(one), _channels(other))


def _channels(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _is_color(value: object) -> bool:
    return isinstance(value, str) and _COLOR.fullmatch(value) is not None


def _lightened(color: str, ground: str) -> str:
    """A colour of the same hue, light enough to stand out from a dark ground as body text should."""
    hue, lightness, saturation = rgb_to_hls(*(int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    vivid = max(saturation, 0.6) if saturation > 0.1 else saturation
    for step in range(round(lightness * 100), 100):
        mixed = "#" + "".join(f"{round(c * 255):02x}" for c in hls_to_rgb(hue, step / 100, vivid))
        if _contrast(mixed, ground) >= COMFORTABLE:
            return mixed
    return "#ffffff"
