"""Tables as files that a spreadsheet program opens."""

import csv
import io
from collections.abc import Iterable, Sequence

# A cell that begins with one of these is run as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue()


def defused(cell: object) -> str:
    """As text, whatever it begins with."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
