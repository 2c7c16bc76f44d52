"""Lines over a horizontal axis as one SVG: no script, nothing loaded, colours that show on light and on dark ground."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final, NamedTuple

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 40, 50
_STEPS: Final = (1, 2, 2.5, 5, 10)


class Line(NamedTuple):
    """A line by its points (x, y). `dashed` tells it from others without colour."""

    label: str
    points: Sequence[tuple[float, float]]
    colour: str
    dashed: bool = False


def line_plot(title: str, lines: Sequence[Line], *, across: str, up: str, mark: tuple[float, str]) -> str:
    """The plot. `across`, `up`: what the axes count; both begin at 0. `mark`: a place on the axis, and what is there."""
    return "\n".join(_parts(title, lines, across, up, mark)) + "\n"


def _parts(title: str, lines: Sequence[Line], across: str, up: str, mark: tuple[float, str]) -> Iterator[str]:
    most_x, step_x = _round_end(max(x for line in lines for x, _ in line.points))
    most_y, step_y = _round_end(max(y for line in lines for _, y in line.points))
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-family="sans-serif">'
    yield f"<title>{escape(title)}</title>"
    yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>'
    yield _text(_WIDTH / 2, 22, title, "middle", 15)
    for value in _ticks(most_y, step_y):
        y = _y(value, most_y)
        yield f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>'
        yield _text(_LEFT - 8, y + 4, f"{value:,g}", "end")
    for value in _ticks(most_x, step_x):
        yield _text(_x(value, most_x), _HEIGHT - _BOTTOM + 18, f"{value:,g}", "middle")
    yield _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, across, "middle")
    yield _text(_LEFT, _TOP - 2, up, "start")
    at = _x(mark[0], most_x)
    yield f'<path d="M{at:.1f} {_TOP + 4}V{_HEIGHT - _BOTTOM}" stroke="#555" stroke-dasharray="2 3"/>'
    yield _text(at - 6, _TOP + 16, mark[1], "end")
    for number, line in enumerate(lines):
        yield from _line(line, most_x, most_y, _HEIGHT - _BOTTOM - 20 * (len(lines) - number))
    yield "</svg>"


def _line(line: Line, most_x: float, most_y: float, legend: float) -> Iterator[str]:
    path = "L".join(f"{_x(x, most_x):.1f} {_y(y, most_y):.1f}" for x, y in line.points)
    style = f'fill="none" stroke="{line.colour}" stroke-width="2"' + (
        ' stroke-dasharray="7 4"' if line.dashed else ""
    )
    yield f'<path d="M{path}" {style}/>'
    yield f'<path d="M{_WIDTH - 230} {legend - 4:.1f}h34" {style}/>'
    yield _text(_WIDTH - 188, legend, line.label, "start")


def _text(x: float, y: float, text: str, anchor: str, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="#222">{escape(text)}</text>'


def _x(value: float, most: float) -> float:
    return _LEFT + value / most * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, most: float) -> float:
    return _HEIGHT - _BOTTOM - value / most * (_HEIGHT - _BOTTOM - _TOP - 4)


def _ticks(most: float, step: float) -> Iterator[float]:
    for number in range(round(most / step) + 1):
        yield number * step


def _round_end(most: float) -> tuple[float, float]:
    """Where an axis ends, and the step of its ticks: about five of them, at round numbers."""
    size = 10.0 ** (len(str(max(1, int(most / 5)))) - 1)
    step = next(size * one for one in _STEPS if size * one * 5 >= most)
    return -(-most // step) * step, step
