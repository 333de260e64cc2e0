"""QR codes as path data, for an SVG in the page."""

from dataclasses import dataclass

import segno

BORDER = 4  # modules of white around it, which readers need


@dataclass(frozen=True)
class Code:
    size: int
    path: str


def code(address: str) -> Code:
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=BORDER))
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return Code(size=len(rows), path=path)
