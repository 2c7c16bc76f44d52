"""Contrast of two colours, as WCAG 2 defines it."""

from __future__ import annotations

Color = tuple[int, int, int]
"""Red, green and blue, each from 0 to 255."""


def luminance(color: Color) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    channels = [one / 255 for one in color]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """The contrast of two colours, from 1 to 21.

    >>> round(contrast((0, 0, 0), (255, 255, 255))), round(contrast((118, 118, 118), (255, 255, 255)), 2)
    (21, 4.54)
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
