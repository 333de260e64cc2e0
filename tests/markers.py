"""Where a word of somebody still stands: a whole dump, every file we publish, every mail."""

import gzip
from pathlib import Path

from django.conf import settings

from config.backups import programs


def found(markers: list[str], *folders: Path) -> dict[str, list[str]]:
    """Each marker and the places it was found in. Looked for as text and, since a dump writes
    bytes so, in hexadecimal; capitals do not matter."""
    places = {"dump": programs.run("pg_dump", "--no-owner").lower()}
    for folder in (settings.FEEDS_ROOT, *folders):
        for file in Path(folder).rglob("*"):
            if file.is_file():
                places[str(file)] = _text(file)
    return {
        marker: [name for name, text in places.items() if _is_in(text, marker)]
        for marker in markers
    }


def _text(file: Path) -> str:
    """Unpacked, and with the folded lines of a calendar whole again."""
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return data.decode("utf-8", "replace").replace("\r\n ", "").lower()


def _is_in(text: str, marker: str) -> bool:
    forms = {marker.lower(), marker.encode().hex(), marker.lower().encode().hex()}
    return any(form in text for form in forms)
