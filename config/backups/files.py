"""What lies in the data folder beside the database and cannot be made again."""

import zipfile
from pathlib import Path

from django.conf import settings

from config.embedded.firstlook import REAL

FILES = "files.zip"
# Published calendars, styles, programs, logs and the broker's file come back by themselves; keys
# are kept apart; the database is kept by itself.
KEPT_FOLDERS = ("photos",)
KEPT_FILES = (REAL,)  # so that no made-up city is put into what was restored


def pack(folder: Path) -> None:
    with zipfile.ZipFile(folder / FILES, "w") as packed:
        for name in KEPT_FOLDERS:
            for file in sorted((settings.DATA_DIR / name).rglob("*")):
                packed.write(file, file.relative_to(settings.DATA_DIR))
        for name in KEPT_FILES:
            if (settings.DATA_DIR / name).exists():
                packed.write(settings.DATA_DIR / name, name)


def unpack(folder: Path) -> None:
    """Files that are there and not in the backup stay: they harm nobody."""
    with zipfile.ZipFile(folder / FILES) as packed:
        packed.extractall(settings.DATA_DIR)
