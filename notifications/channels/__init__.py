"""The ways out. Each raises one of these failures and nothing else."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Connection(ABC):
    """A line to a server for one batch: `with` closes it, whatever happened."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Twice does no harm."""


class TemporaryFailure(Exception):
    """Worth another try. is_ours: the server itself is in trouble, whoever the mail is for."""

    def __init__(self, reason: str, *, is_ours: bool = False, rest_seconds: int = 0) -> None:
        super().__init__(reason)
        self.is_ours = is_ours
        self.rest_seconds = rest_seconds  # how long the server asks to be left alone


class PermanentFailure(Exception):
    """Never going to work. is_dead: nor will anything else to this address."""

    def __init__(self, reason: str, *, is_dead: bool = False, has_stopped: bool = False) -> None:
        super().__init__(reason)
        self.is_dead = is_dead
        self.has_stopped = has_stopped  # the person said stop to the provider


class OutcomeUnknown(Exception):
    """It may have gone out: look before anything is sent again."""
