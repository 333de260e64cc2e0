"""Sealed fields: AES-256-GCM, tied to their table, row and field."""

from os import urandom
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from outreach import keys

NONCE_BYTES = 12


class CannotOpen(Exception):
    """The key is missing, or the bytes were sealed for another row or field."""


def seal(text: str, *, table: str, row: UUID, field: str) -> bytes:
    """Bytes to store: key id, zero, nonce, ciphertext. Moved elsewhere they do not open."""
    key = keys.current("seal")
    nonce = urandom(NONCE_BYTES)
    sealed = AESGCM(key.secret).encrypt(nonce, text.encode(), _about(table, row, field, key.id))
    return key.id.encode() + b"\0" + nonce + sealed


def unseal(stored: bytes, *, table: str, row: UUID, field: str) -> str:
    """The text again; CannotOpen when it was not sealed for exactly this place."""
    key_id, _, rest = bytes(stored).partition(b"\0")
    name = key_id.decode("ascii", "replace")
    key = keys.every("seal").get(name)
    if key is None:
        raise CannotOpen(f"no key {name!r} in the key file")
    nonce, ciphertext = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    try:
        opened = AESGCM(key.secret).decrypt(nonce, ciphertext, _about(table, row, field, key.id))
    except InvalidTag:
        raise CannotOpen(f"{table}.{field} was sealed for another place") from None
    return opened.decode()


def _about(table: str, row: UUID, field: str, key_id: str) -> bytes:
    return "|".join([table, row.hex, field, key_id]).encode()
