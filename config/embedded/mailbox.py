"""Caught mails as files: `000017.eml` as it came, `000017.json` with the envelope."""

import json
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

KEPT = 500


@dataclass(frozen=True)
class Envelope:
    number: int
    received_at: str
    sender: str
    recipients: list[str]


class Mailbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._adding = threading.Lock()
        self._last = max(self.numbers(), default=0)

    def add(self, sender: str, recipients: list[str], content: bytes) -> int:
        with self._adding:
            number = self._last = self._last + 1
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            envelope = Envelope(number, now, sender, recipients)
            self._write(self._file(number, "json"), json.dumps(asdict(envelope)).encode())
            self._write(self._file(number, "eml"), content)  # last: it is what numbers() sees
            for old in self.numbers()[KEPT:]:
                self._file(old, "eml").unlink(missing_ok=True)
                self._file(old, "json").unlink(missing_ok=True)
            return number

    def numbers(self) -> list[int]:
        """Newest first."""
        found = (file.stem for file in self.folder.glob("*.eml"))
        return sorted((int(stem) for stem in found if stem.isdigit()), reverse=True)

    def raw(self, number: int) -> bytes:
        """Raises FileNotFoundError for a mail we do not hold."""
        return self._file(number, "eml").read_bytes()

    def message(self, number: int) -> EmailMessage:
        message = message_from_bytes(self.raw(number), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def envelope(self, number: int) -> Envelope:
        return Envelope(**json.loads(self._file(number, "json").read_bytes()))

    def _file(self, number: int, ending: str) -> Path:
        return self.folder / f"{number:06}.{ending}"

    @staticmethod
    def _write(file: Path, content: bytes) -> None:
        unfinished = file.with_name(f"{file.name}.part")
        unfinished.write_bytes(content)
        unfinished.rename(file)
