"""The envelope of an X12 file: the signs that part it, and which transaction it holds."""

from typing import NamedTuple

from ..errors import InvalidInputError

LENGTH = 106
"""Signs of the first segment, whose elements have fixed widths."""

_SETS = {
    "270": "a question whether a patient is covered",
    "271": "an answer whether a patient is covered",
    "276": "a question where a claim stands",
    "277": "an answer where a claim stands",
    "278": "a request for a review or an approval",
    "820": "a payment of premiums",
    "834": "an enrollment",
    "835": "the payer's explanation of what it paid (ERA)",
    "997": "a receipt for another file",
    "999": "a receipt for another file",
}
_GUIDES = {"X096": "837I", "X097": "837D", "X098": "837P", "X222": "837P", "X223": "837I"} | {
    "X224": "837D"
}
_NAMES = {"837P": "professional (medical) claims", "837I": "claims of institutions"}


class Signs(NamedTuple):
    """What parts an X12 file."""

    element: str
    component: str
    segment: str


def begins(text: str) -> bool:
    """Whether a text begins as X12 does."""
    return text[:3] == "ISA" and not (text[3:4].isalnum() or text[3:4] in (",", ";", "\t", ""))


def signs(text: str) -> Signs:
    """The signs that part a file, from its first segment.

    Raises:
        InvalidInputError: The segment is cut off, or has not its fixed length.
    """
    head = text[:LENGTH]
    if len(head) < LENGTH:
        raise InvalidInputError(
            "segment 1, ISA: the file breaks off in it. Export the file anew, or fetch it again."
        )
    found = Signs(head[3], head[104], head[105])
    if head.count(found.element) != 16 or head[103] != found.element or len(set(found)) < 3:
        raise InvalidInputError(
            f"segment 1, ISA: it has not the {LENGTH} signs, blanks included, that X12 fixes for "
            "it, so that nothing tells what parts the file. Send the file as it was exported."
        )
    if any(sign.isalnum() or sign == " " for sign in found):
        raise InvalidInputError(
            "segment 1, ISA: a letter, a digit or a blank stands where the signs that part the "
            "file should be. Send the file as it was exported."
        )
    return found


def transaction(identifier: str, *versions: str) -> str:
    """Which transaction it is: `837D`, `837P`, `837I`, or the number of the set.

    An 837 that names no version is `837`.

    Arguments:
        identifier: What ST01 says.
        versions: What GS08 and ST03 say of the version.
    """
    if identifier == "837":
        for version in versions:
            if (guide := version[6:10]) in _GUIDES:
                return _GUIDES[guide]
    return identifier


def dental(kind: str) -> bool:
    """Whether dental claims may stand in a transaction."""
    return kind.startswith("837") and kind not in _NAMES


def named(kind: str) -> str:
    """A transaction in words: "an 835, the payer's explanation of what it paid (ERA)"."""
    article = "an" if kind.startswith("8") else "a"
    told = _NAMES.get(kind) or _SETS.get(kind)
    if told is None:
        return "a transaction of another kind"
    return f"{article} {kind}, {told}"


def refuse_others(text: str) -> None:
    """Refuses a file whose first transaction is told by its beginning, and no dental claim.

    Raises:
        InvalidInputError: It is another transaction, or the beginning cannot be parted.
    """
    found = signs(text)
    version = ""
    for segment in text.split(found.segment):
        elements = [*segment.strip().split(found.element), "", "", "", "", "", "", "", ""]
        if elements[0] == "GS":
            version = elements[8]
        if elements[0] == "ST":
            kind = transaction(elements[1], elements[3], version)
            if not dental(kind):
                raise InvalidInputError(
                    f"The file is {named(kind)}. Of X12, 837D is read: dental claims as they are "
                    "sent to the payer."
                )
            return
