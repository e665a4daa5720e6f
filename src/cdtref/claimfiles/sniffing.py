"""What a file is, by its content: its name may say anything."""

import codecs
import io
from enum import StrEnum
from typing import NamedTuple, Protocol

from ..errors import InvalidInputError
from . import envelopes

SAMPLE = 65_536
"""Bytes that tell what a file is. They are read first, and read again with the rest."""


class Kind(StrEnum):
    """What a file of claims can be."""

    TABLE = "table"
    """Rows of text: CSV, whatever parts its cells."""
    JSON = "json"
    """Claims of our own form or of FHIR, in an array, in an object, or one a line."""
    X12 = "x12"
    """An 837D."""


class Sniffed(NamedTuple):
    kind: Kind
    encoding: str


class Bytes(Protocol):
    """What is read of a binary stream; standard input will do."""

    def read(self, size: int, /) -> bytes: ...


_SAVE = "In the program it comes from, save or export it as"
_CSV = f"{_SAVE} CSV (UTF-8)"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before that of UTF-16, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BEGINNINGS = (
    (b"%PDF-", f"a PDF. {_CSV}: a printed report cannot be read line by line."),
    (b"\x89PNG", "a picture (PNG). It shows a list; what is needed is the list itself, as CSV."),
    (b"\xff\xd8\xff", "a picture (JPEG). It shows a list; what is needed is the list, as CSV."),
    (b"GIF8", "a picture (GIF). It shows a list; what is needed is the list itself, as CSV."),
    (b"II*\0", "a picture (TIFF). It shows a list; what is needed is the list itself, as CSV."),
    (b"MM\0*", "a picture (TIFF). It shows a list; what is needed is the list itself, as CSV."),
    (b"\xd0\xcf\x11\xe0", f"an older Excel or Office file. Open it there, then: {_CSV}."),
    (b"\x1f\x8b", "compressed (gzip). Unpack it first."),
    (b"7z\xbc\xaf", "compressed (7z). Unpack it first."),
    (b"Rar!", "compressed (RAR). Unpack it first."),
    (b"PAR1", "a Parquet file. Save the claims as CSV, or as one JSON object a line."),
    (b"SQLite format 3\0", "a database (SQLite). Export the claims as CSV."),
    (b"{\\rtf", f"a text document (RTF). {_CSV}."),
    (b"MSH|", "an HL7 version 2 message. Claims are read as FHIR, 837D, JSON or CSV."),
    (b"UNA:", "an EDIFACT message. Claims are read as 837D (X12), FHIR, JSON or CSV."),
    (b"UNB+", "an EDIFACT message. Claims are read as 837D (X12), FHIR, JSON or CSV."),
)
_ZIPPED = (  # what stands at the beginning of a zip file, and what it then is
    (b"opendocument.spreadsheet", "a workbook of LibreOffice. Open it there, then save it as CSV"),
    (b"word/", "a Word document. Claims are read as CSV, JSON, FHIR or 837D"),
    (b"xl/", "an Excel workbook. Open it in Excel, then choose Save As, CSV UTF-8"),
    (b"[Content_Types].xml", "an Excel workbook. Open it in Excel, then choose Save As, CSV UTF-8"),
)


def sniff(first: bytes) -> Sniffed:
    """What is a file, by its first bytes?

    Arguments:
        first: The first `SAMPLE` bytes, or all if there are fewer.

    Raises:
        InvalidInputError: It is nothing that claims can be read from. The message says what it is
            instead, and what to do.
    """
    _refuse_binary(first)
    encoding = _encoding(first)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(first)
    told = text.lstrip("\ufeff \t\r\n")
    if not told.strip("\0"):
        raise InvalidInputError("The file is empty.")
    if sum(text.count(sign) for sign in _UNPRINTED) > len(text) // 100:
        raise InvalidInputError(f"The file is no text. {_CSV}.")
    if envelopes.begins(told):
        envelopes.refuse_others(told)
        return Sniffed(Kind.X12, encoding)
    if told[0] == "<":
        raise InvalidInputError(_marked_up(told))
    return Sniffed(Kind.JSON if told[0] in "{[" else Kind.TABLE, encoding)


_UNPRINTED = [chr(code) for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a\x1c\x1d\x1e\x1f"]
"""Signs that no text has. Those left out may part the segments of an 837D."""


def _refuse_binary(first: bytes) -> None:
    for beginning, told in _BEGINNINGS:
        if first.lstrip().startswith(beginning):
            raise InvalidInputError(f"The file is {told}")
    if first.startswith(b"PK\x03\x04"):
        for within, told in _ZIPPED:
            if within in first:
                raise InvalidInputError(f"The file is {told}.")
        raise InvalidInputError("The file is compressed (zip). Unpack it first.")
    if first[128:132] == b"DICM":
        raise InvalidInputError("The file is an image (DICOM), not a list of claims.")
    if first[4:8] == b"ftyp" or (first[:4] == b"RIFF" and first[8:12] == b"WEBP"):
        raise InvalidInputError("The file is a picture or a film, not a list of claims.")


def _encoding(first: bytes) -> str:
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return encoding
    # Without a mark: most of what is on a claim is ASCII, so that every other byte is zero.
    if b"\0" in first:
        half = len(first) // 2
        if half and first[1::2].count(0) > half * 0.7 and first[::2].count(0) < half * 0.1:
            return "utf-16-le"
        if half and first[::2].count(0) > half * 0.7 and first[1::2].count(0) < half * 0.1:
            return "utf-16-be"
    return "utf-8"


def _marked_up(told: str) -> str:
    start = told[:4_000].lower()
    if "fhir" in start:
        return f"The file is FHIR as XML. {_SAVE} FHIR JSON."
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return "The file is an Excel workbook as XML. Open it in Excel, then choose Save As, CSV."
    if "<html" in start or "<table" in start:
        return (
            "The file is a web page (HTML), as some programs name .xls. Open it in Excel, then "
            "choose Save As, CSV UTF-8."
        )
    return f"The file is XML. {_CSV}."


def opened(stream: Bytes) -> tuple[Sniffed, io.TextIOWrapper]:
    """What a stream of bytes is, and all of it as text, from its first byte.

    Bytes that are no text in its encoding become surrogates; who uses such a word has to tell.
    Line ends stay as they are.

    Raises:
        InvalidInputError: As `sniff`.
    """
    first = b""
    while len(first) < SAMPLE and (more := stream.read(SAMPLE - len(first))):
        first += more
    sniffed = sniff(first)
    joined = io.BufferedReader(_Joined(first, stream))
    errors = "replace" if sniffed.encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return sniffed, io.TextIOWrapper(joined, sniffed.encoding, errors, newline="")


class _Joined(io.RawIOBase):
    """What was read of a stream already, and then the rest."""

    def __init__(self, first: bytes, rest: Bytes) -> None:
        self._first = memoryview(first)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        more: bytes | memoryview = self._first[: len(buffer)]
        if more:
            self._first = self._first[len(more) :]
        else:
            more = self._rest.read(len(buffer))
        buffer[: len(more)] = more
        return len(more)
