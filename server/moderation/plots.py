"""Plots: figures in, SVG out. Pure: no query, no request, no style but classes.

A plot is a flight of steps down the page, one row each; a row has a label and one step a
column, its value written above it. Widths are percentages and heights are in em, so that the
text keeps the reader's size however narrow the page is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

# In percent of the width: where the first column starts beside short labels, and the air between two.
BESIDE = 24
GAP = 2
# In em of the plot's text: from one row to the next, and the parts of a row.
LABEL, VALUE, STEP, AIR, HEAD = 1.5, 1.3, 0.6, 0.5, 1.9

_PLOT = Markup(
    '<svg class="trace" role="img" width="100%" height="{height}em"><title>{title}</title>{head}{rows}</svg>'
)
_TEXT = Markup('<text x="{x}%" y="{y}em">{text}</text>')
_BAR = Markup('<rect class="t-{name}" x="{x}%" y="{y}em" width="{width}%" height="{height}em"/>')
_SIGN = Markup('<svg x="{x}%" y="0" width="1.5em" height="1.5em" viewBox="0 0 24 24"><use href="{href}"/></svg>')
_FLOOR = Markup('<line class="t" x1="0" x2="100%" y1="{y}em" y2="{y}em"/>')


@dataclass(frozen=True, slots=True)
class Column:
    """One series. ``name`` is the end of its CSS class; ``sign`` the address of the pictogram above it, if any."""

    name: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the flight: for each column a length in any unit, and the words that say it.

    Nothing is drawn where the words are empty.
    """

    label: str
    values: Sequence[tuple[float, str]]


def plot(title: str, columns: Sequence[Column], rows: Sequence[Row], *, labels_above: bool = False) -> Markup:
    """The plot; ``title`` is all that a screen reader hears of it. All columns share one scale.

    Long labels go above their row. ValueError for a row that has not one value a column.
    """
    start = 0 if labels_above else BESIDE
    width = (100 - start) / len(columns)
    most = max((length for row in rows for length, _ in row.values), default=0) or 1
    places = [start + n * width for n in range(len(columns))]
    top = HEAD if any(column.sign for column in columns) else 0
    signs = [_SIGN.format(x=_short(x), href=column.sign) for x, column in zip(places, columns, strict=True) if top]
    height = VALUE + STEP + AIR + (LABEL if labels_above else 0)
    drawn = [
        _row(row, columns, places, (width - GAP) / most, top + n * height, labels_above) for n, row in enumerate(rows)
    ]
    floor = _FLOOR.format(y=_short(top + len(rows) * height))
    return _PLOT.format(
        height=_short(top + len(rows) * height + 0.2), title=title, head=_join(signs), rows=_join([*drawn, floor])
    )


def _row(row: Row, columns: Sequence[Column], places: list[float], unit: float, top: float, above: bool) -> Markup:
    """One row, its upper edge ``top`` em down; ``unit`` percent are one of its lengths."""
    base = top + (LABEL if above else 0) + 1
    parts = [_TEXT.format(x=0, y=_short(top + 1), text=row.label)]
    for column, x, (length, words) in zip(columns, places, row.values, strict=True):
        if words:
            parts.append(_TEXT.format(x=_short(x), y=_short(base), text=words))
            parts.append(
                _BAR.format(
                    name=column.name, x=_short(x), y=_short(base + VALUE - 1), width=_short(length * unit), height=STEP
                )
            )
    return _join(parts)


def _join(parts: Sequence[Markup]) -> Markup:
    return Markup("").join(parts)


def _short(number: float) -> str:
    """Two decimals at most: 22, 33.5, 8.33."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
