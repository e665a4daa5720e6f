"""What can go wrong. All of these are `CdtrefError`, and all are `ValueError`."""

import datetime as dt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .model import Edition

    Nearest = Callable[[], dict[str, str]] | None
else:  # so that the hints of the public names can be resolved
    Any = Edition = Nearest = object


class CdtrefError(ValueError):
    """The base of every error this library raises on purpose."""


class InvalidInputError(CdtrefError):
    """An argument is missing, empty or of the wrong type. The message says what was expected."""


class InvalidDateError(InvalidInputError):
    """A date of service that is no date."""


class _SuggestingError(CdtrefError):
    """Names what one may have meant. It is looked for only when it is read, because that is slow.

    The function that is passed as `nearest` finds it: what is meant, with the words that show it.
    """

    def __init__(
        self,
        message: str,
        after: str = "",
        *,
        nearest: Nearest = None,
    ) -> None:
        super().__init__(message, after)
        self._find = nearest
        self._meant: dict[str, str] | None = None

    def _found(self) -> dict[str, str]:
        if self._meant is None:
            self._meant = self._find() if self._find else {}
            self._find = None  # a function cannot be sent to another process
        return self._meant

    @property
    def nearest(self) -> tuple[str, ...]:
        """What one may have meant, the nearest first."""
        return tuple(self._found())

    def __str__(self) -> str:
        message, after = self.args
        meant = " or ".join(filter(None, self._found().values()))
        told = (message, f"Did you mean {meant}?" if meant else "", after)
        return " ".join(part for part in told if part)

    def __reduce__(self) -> "str | tuple[Any, ...]":
        self._found()
        return super().__reduce__()


class UnknownCodeError(_SuggestingError):
    """A procedure code that is malformed, or well-formed but outside this topic.

    `malformed` tells the two apart; `nearest` names the codes one may have meant.
    """

    def __init__(
        self,
        message: str,
        after: str = "",
        *,
        code: str = "",
        malformed: bool = False,
        nearest: Nearest = None,
    ) -> None:
        super().__init__(message, after, nearest=nearest)
        self.code = code
        self.malformed = malformed


class UnknownIdError(_SuggestingError):
    """An id that nothing of its kind has. `nearest` names the ids one may have meant."""

    def __init__(
        self,
        message: str,
        after: str = "",
        *,
        kind: str = "",
        id: str = "",
        nearest: Nearest = None,
    ) -> None:
        super().__init__(message, after, nearest=nearest)
        self.kind = kind
        self.id = id


class UnknownServiceError(UnknownIdError):
    """A service that is not known here. Everyday words are suggested by the id they stand for."""


class UnknownEditionError(CdtrefError):
    """A date of service for which no edition of the code set is encoded. None is guessed.

    After the last encoded edition, `announced` is what is known of the one to come, if anything is.
    """

    def __init__(
        self,
        message: str,
        *,
        on: dt.date | None = None,
        first: dt.date | None = None,
        last: dt.date | None = None,
        announced: Edition | None = None,
    ) -> None:
        super().__init__(message)
        self.on = on
        self.first = first
        self.last = last
        self.announced = announced


class IncompleteNoteError(InvalidInputError):
    """A note lacks what is asked of it. `missing` names the items."""

    def __init__(self, message: str, *, missing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing


class KnowledgeError(CdtrefError):
    """The knowledge files do not hold together. `mistakes` names each: file, entry, field."""

    def __init__(self, message: str, *, mistakes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.mistakes = mistakes
