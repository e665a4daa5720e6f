"""What is wrong with a sentence, a card or a bound word. Raised, so that `python -O` keeps it."""


class UnreadableError(ValueError):
    """It cannot be checked. The message says what would be right."""


class UntrueError(ValueError):
    """The library says otherwise. The message says what it says."""


def require(holds: bool, told: str) -> None:
    """Raise `UntrueError` with what the library says, unless it holds."""
    if not holds:
        raise UntrueError(told)
