"""Random keys, made at the first start and kept apart from the database."""

import base64
import json
import os
import secrets
from pathlib import Path

from config.embedded.failure import CannotStart
from config.embedded.given import is_given
from config.embedded.paths import DataFolder

PURPOSES = ("link", "seal")


def places(folder: DataFolder) -> dict[str, str]:
    """Where the keys would be; none is made."""
    return {"SECRET_KEY": secrets.token_urlsafe(50), "BEATBOOK_KEYS": str(_rings(folder))}


def environment(folder: DataFolder) -> dict[str, str]:
    """What the settings need to find the keys; whatever is set already wins.

    Raises CannotStart when the key file is gone and the database is not.
    """
    wanted = {}
    if not is_given("SECRET_KEY"):
        wanted["SECRET_KEY"] = _secret_key(folder)
    if not is_given("BEATBOOK_KEYS"):
        wanted["BEATBOOK_KEYS"] = _key_file(folder)
    return wanted


def _secret_key(folder: DataFolder) -> str:
    file = folder.keys / "secret-key"
    if not file.exists():
        _write_once(file, secrets.token_urlsafe(50))
    return file.read_text()


def _key_file(folder: DataFolder) -> str:
    file = _rings(folder)
    if not file.exists():
        if (folder.postgres / "PG_VERSION").exists():
            raise CannotStart(
                f"The key file {file} is missing, and what is sealed in the database opens with "
                "no other. Put your copy of it in its place."
            )
        rings = {purpose: {"current": "k1", "keys": {"k1": _random_key()}} for purpose in PURPOSES}
        _write_once(file, json.dumps(rings, indent=2))
    return str(file)


def _rings(folder: DataFolder) -> Path:
    return folder.keys / "keys.json"


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write_once(file: os.PathLike[str], text: str) -> None:
    """Whole or not at all: two starts at once must not read each other's half."""
    unfinished = f"{os.fspath(file)}.{os.getpid()}"
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
    try:
        os.link(unfinished, file)  # fails when somebody was first, and then theirs is the key
    except FileExistsError:
        pass
    finally:
        os.unlink(unfinished)
