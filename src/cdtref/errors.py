"""What can go wrong. All of these are `CdtrefError`, and all are `ValueError`."""

import datetime as dt


class CdtrefError(ValueError):
    """The base of every error this library raises on purpose."""


class InvalidInputError(CdtrefError):
    """An argument is missing, empty or of the wrong type. The message says what was expected."""


class InvalidDateError(InvalidInputError):
    """A date of service that is no date."""


class UnknownCodeError(CdtrefError):
    """A procedure code that is malformed, or well-formed but outside this topic.

    `malformed` tells the two apart; `nearest` names the codes one may have meant.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        malformed: bool = False,
        nearest: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.malformed = malformed
        self.nearest = nearest


class UnknownIdError(CdtrefError):
    """An id that nothing of its kind has. `nearest` names the ids one may have meant."""

    def __init__(
        self, message: str, *, kind: str = "", id: str = "", nearest: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.id = id
        self.nearest = nearest


class UnknownServiceError(UnknownIdError):
    """A service id that does not exist. Everyday words are suggested by the id they stand for."""


class UnknownEditionError(CdtrefError):
    """A date of service for which no edition of the code set is encoded. None is guessed."""

    def __init__(
        self,
        message: str,
        *,
        on: dt.date | None = None,
        first: dt.date | None = None,
        last: dt.date | None = None,
    ) -> None:
        super().__init__(message)
        self.on = on
        self.first = first
        self.last = last


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
