"""What a file is, by its content alone."""

import io
import os
import threading
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdtref.claimfiles.sniffing import SAMPLE, Kind, opened, sniff
from cdtref.errors import InvalidInputError
from tests.library.interchange import PERSONAL, dental, group, transaction, written

CSV = "claim,on,billed\n1,2026-03-02,D0801\n"
JSON = '[{"claim": "1", "on": "2026-03-02", "billed": ["D0801"]}]'


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CSV, Kind.TABLE),
        (CSV.replace(",", ";"), Kind.TABLE),
        (CSV.replace(",", "\t"), Kind.TABLE),
        ("\n\nClaims of March\n" + CSV, Kind.TABLE),
        ("Isabel's list\n" + CSV, Kind.TABLE),
        ("ISA,on,billed\n", Kind.TABLE),
        ("ISA;on;billed\n", Kind.TABLE),
        ("ISA\ton\tbilled\n", Kind.TABLE),
        ("ISABEL'S LIST\n" + CSV, Kind.TABLE),
        ("ISAB,on,billed\n", Kind.TABLE),
        ("ISA", Kind.TABLE),
        ("Xray list\n" + CSV, Kind.TABLE),
        ("XX", Kind.TABLE),
        (JSON, Kind.JSON),
        ("\r\n  " + JSON, Kind.JSON),
        ('{"resourceType": "Claim"}', Kind.JSON),
        (dental(), Kind.X12),
        ("\n" + dental(signs="|>!", newline=""), Kind.X12),
        (dental(signs="*:\n", newline=""), Kind.X12),
        (dental(signs="\x1d\x1f\x1c", newline=""), Kind.X12),
    ],
)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_what_claims_are_read_from_is_told_by_its_content_in_any_encoding(
    text: str, kind: Kind, encoding: str
) -> None:
    sniffed, stream = opened(io.BytesIO(text.encode(encoding)))
    assert sniffed.kind is kind
    assert stream.read() == text


def test_utf_16_with_a_mark_is_read_in_either_order() -> None:
    for codec, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        _, stream = opened(io.BytesIO(mark + CSV.encode(codec)))
        assert stream.read() == CSV


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_letters_of_which_half_is_zero_do_not_hide_utf_16(codec: str) -> None:
    text = CSV + "2,2026-03-02,Ābols ĀĀĀĀ\n"
    assert 0.07 < text.count("Ā") / len(text) < 0.1
    sniffed, stream = opened(io.BytesIO(text.encode(codec)))
    assert (sniffed.kind, stream.read()) == (Kind.TABLE, text)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_half_a_character_at_the_end_of_a_file_hides_nothing_before_it(codec: str) -> None:
    _, stream = opened(io.BytesIO(CSV.encode(codec) + b"\x41"))
    assert stream.read().startswith(CSV)


def test_utf_16_without_a_mark_is_known_with_names_of_other_letters_in_it() -> None:
    text = CSV * 3 + "2,2026-03-02,Łucja Žák\n"
    for codec in ("utf-16-le", "utf-16-be"):
        sniffed, stream = opened(io.BytesIO(text.encode(codec)))
        assert sniffed.encoding == codec
        assert stream.read() == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_what_is_not_plainly_utf_16_is_not_guessed_at(codec: str) -> None:
    text = CSV + "Ā" * 8
    assert 0.15 < text.count("Ā") / len(text) < 0.25
    with pytest.raises(InvalidInputError, match="no text"):
        sniff(text.encode(codec))


def test_a_mark_that_stands_twice_hides_nothing() -> None:
    assert sniff(b"\xef\xbb\xbf" * 2 + JSON.encode()).kind is Kind.JSON


def test_a_sign_that_is_not_printed_makes_no_text_binary_and_some_do() -> None:
    text = (CSV * 10).encode()[:198]
    assert sniff(text + b"\1\2").kind is Kind.TABLE
    with pytest.raises(InvalidInputError, match="no text"):
        sniff(text[:197] + b"\1\2\3")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (b"\0" * 500, "empty"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel workbook.*Save As, CSV"),
        (zipped("word/document.xml"), "Word document"),
        (zipped("claims.csv"), "Unpack"),
        (b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "LibreOffice"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "older Excel"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF.*CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture.*CSV"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture.*CSV"),
        (b"II*\0\x08\0\0\0", "picture.*CSV"),
        (b"\0\0\0\x18ftypheic", "picture or a film"),
        (b"\0" * 128 + b"DICM" + b"\0" * 40, "DICOM"),
        (b"\r\n%PDF-1.7\n", "PDF"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "picture or a film"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "no text"),
        (b"\x1f\x8b\x08\0", "Unpack"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"<html><table><tr><td>D0801", "HTML.*Save As, CSV"),
        (b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir">', "FHIR JSON"),
        (b'<?xml version="1.0"?><claims/>', "The file is XML"),
        (b"<html><body><p>D0801", "HTML.*Save As, CSV"),
        (b"<table><tr><td>D0801", "HTML.*Save As, CSV"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "Excel workbook as XML.*Save As, CSV",
        ),
        (b"MSH|^~\\&|OFFICE", "HL7 version 2"),
        (b"UNB+UNOA:1+", "EDIFACT"),
        (b"solid\0\1\2\3\4\5\6\7\0\1\2\3", "no text"),
        (bytes(range(256)) * 8, "no text"),
    ],
)
def test_what_claims_cannot_be_read_from_is_named_with_what_to_do(
    content: bytes, told: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"(?s){told}"):
        sniff(content)


@pytest.mark.parametrize(
    ("identifier", "version", "named"),
    [
        ("835", "005010X221A1", "an 835, the payer's explanation"),
        ("837", "005010X222A1", "an 837P, professional"),
        ("837", "005010X223A2", "an 837I, claims of institutions"),
        ("837", "004010X098A1", "an 837P, professional"),
        ("270", "005010X279A1", "a 270, a question whether a patient is covered"),
        ("999", "005010X231A1", "a 999, a receipt"),
        ("XYZ", "", "a transaction of another kind"),
    ],
)
@pytest.mark.parametrize("signs", ["*:~", "|>\n"])
def test_a_file_of_another_transaction_is_told_which_it_is(
    identifier: str, version: str, named: str, signs: str
) -> None:
    inside = transaction("CLM*1", identifier=identifier, version="")
    text = written(group(inside, version=version), signs=signs)
    with pytest.raises(InvalidInputError, match=f"The file is {named}.*837D is read") as caught:
        sniff(text.encode())
    assert PERSONAL not in str(caught.value)


def test_the_transaction_may_name_its_version_itself() -> None:
    text = written(group(transaction("CLM*1", version="005010X222A1"), version=""))
    with pytest.raises(InvalidInputError, match="The file is an 837P"):
        sniff(text.encode())


@pytest.mark.parametrize("version", ["005010X224A2", "005010X224A3", "004010X097A1", "", "0050"])
def test_a_dental_claim_is_one_in_any_version_and_where_none_is_named(version: str) -> None:
    inside = transaction("CLM*1", version=version)
    assert sniff(written(group(inside, version=version)).encode()).kind is Kind.X12


def test_a_transaction_outside_of_any_group_is_told_by_itself() -> None:
    assert sniff(written(transaction("CLM*1", version="")).encode()).kind is Kind.X12
    with pytest.raises(InvalidInputError, match="The file is an 835"):
        sniff(written(transaction("CLP*1", identifier="835", version="")).encode())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (dental()[:60], "segment 1, ISA: the file breaks off"),
        (dental().replace("OFFICE         ", "OFFICE", 1), "segment 1, ISA: it has not the 106"),
        (dental(signs="*:A"), "segment 1, ISA: a letter"),
        (dental(signs="*: "), "segment 1, ISA: a letter"),
        (dental(signs="***"), "segment 1, ISA"),
    ],
)
def test_an_envelope_that_tells_no_signs_is_refused(text: str, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        sniff(text.encode())


@given(st.binary(max_size=300), st.sampled_from([b"", b"ISA*", b"{", b"PK\x03\x04", b"\xff\xfe"]))
def test_any_bytes_are_told_or_refused_and_nothing_else(content: bytes, before: bytes) -> None:
    try:
        sniffed, stream = opened(io.BytesIO(before + content))
    except InvalidInputError:
        return
    assert sniffed.kind in Kind
    if sniffed.encoding == "utf-8":  # as it was given, byte for byte
        assert stream.read().encode("utf-8", "surrogateescape") == before + content


class Trickle:
    """A stream that gives a few bytes at a time, as a pipe may."""

    def __init__(self, content: bytes, most: int) -> None:
        self.rest = io.BytesIO(content)
        self.most = most

    def read(self, size: int) -> bytes:
        return self.rest.read(min(size, self.most))


@pytest.mark.parametrize("size", [1, SAMPLE - 1, SAMPLE, SAMPLE + 1, 3 * SAMPLE])
@pytest.mark.parametrize("most", [7, 100_000])
def test_a_stream_that_cannot_go_back_is_read_from_its_first_byte(size: int, most: int) -> None:
    content = (b"claim,on\r\n" * (size // 10 + 1))[:size]
    _, stream = opened(Trickle(content, most))
    assert stream.read().encode() == content


def test_a_pipe_is_read_from_its_first_byte() -> None:
    given_, taken = os.pipe()

    def write() -> None:
        with os.fdopen(taken, "wb") as pipe:
            for line in CSV.splitlines(keepends=True):
                pipe.write(line.encode())
                pipe.flush()

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(given_, "rb") as pipe:
        assert opened(pipe)[1].read() == CSV
    writer.join()


def test_a_name_in_another_encoding_keeps_no_claim_from_being_read() -> None:
    sniffed, stream = opened(io.BytesIO(CSV.encode() + "2,2026-03-02,Müller\n".encode("latin-1")))
    assert sniffed == (Kind.TABLE, "utf-8")
    assert "M\udcfcller" in stream.read()
