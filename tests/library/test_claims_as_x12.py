"""Claims as an 837D has them: what is read of a segment, and that no service line vanishes."""

import io
import re
import sys
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import cdtref
from cdtref.claimfiles import segments, sniffing, x12
from cdtref.claimfiles.lines import Given, NotRead, Read, Whole
from cdtref.errors import InvalidInputError
from tests.library.interchange import PERSONAL, claim, dental, group, transaction, written
from tests.library.readings import given_in, not_read


def read(text: str) -> list[Read]:
    results = list(x12.read(io.StringIO(text, newline="")))
    assert PERSONAL not in repr(results)
    return results


def line(code: str, *dates: str, at: int = 1, area: str = "", quantity: str = "1") -> list[str]:
    return [f"LX*{at}", f"SV3*AD:{code}*100**{area}**{quantity}", *dates]


def only(text: str) -> Given:
    (found,) = given_in(read(text))
    return found


DAY = "DTP*472*D8*20260302"


def test_three_lines_are_read_with_their_dates_and_arches() -> None:
    text = dental(
        *claim("A7", *line("D0801", DAY, area="01")),
        *line("D0396", DAY, at=2, area="02", quantity="2"),
        *line("D0470", "DTP*472*D8*20260303", at=3),
    )
    (whole,) = read(text)
    assert isinstance(whole, Whole)
    assert whole.lines == (
        Given(1, "A7", "2026-03-02", "D0801", (), "01", "1"),
        Given(2, "A7", "2026-03-02", "D0396", (), "02", "2"),
        Given(3, "A7", "2026-03-03", "D0470", (), "", "1"),
    )
    assert (whole.claim, whole.in_part, whole.told) == ("A7", 0, ())


def test_an_orthodontic_line_with_the_date_of_an_appliance_alone_has_no_date_of_service() -> None:
    for segments_ in (
        ["DTP*452*D8*20260115", *line("D8080")],
        line("D8080", "DTP*452*D8*20260115"),
    ):
        found = only(dental(*claim("A7", *segments_)))
        assert (found.billed, found.on) == ("D8080", "")
        assert "DTP*452" in found.told[0]


def test_the_date_of_the_claim_counts_for_lines_without_one() -> None:
    text = dental(
        *claim("A7", DAY, *line("D0801")),
        *line("D0396", "DTP*472*D8*20260309", at=2),
        *line("D0470", "DTP*452*D8*20260115", at=3),
        *claim("A8", *line("D0801")),
    )
    assert [(each.claim, each.on) for each in given_in(read(text))] == [
        ("A7", "2026-03-02"),
        ("A7", "2026-03-09"),
        ("A7", "2026-03-02"),
        ("A8", ""),
    ]


@pytest.mark.parametrize(
    ("dates", "on", "told"),
    [
        (["DTP*472*RD8*20260302-20260302"], "2026-03-02", ""),
        (["DTP*472*RD8*20260302-20260309"], "2026-03-02", "from 2026-03-02 to 2026-03-09"),
        ([DAY, DAY], "2026-03-02", ""),
        ([DAY, "DTP*472*D8*20260304"], "2026-03-02", "more than one date"),
        ([DAY, "DTP*452*D8*20260115"], "2026-03-02", ""),
        (["DTP*573*D8*20260401"], "", ""),
        (["DTP*472*D8*20260231"], "2026-02-31", ""),  # what is no day is told where dates are read
    ],
)
def test_the_date_of_a_line_is_told_as_far_as_the_file_tells_it(
    dates: list[str], on: str, told: str
) -> None:
    found = only(dental(*claim("A7", *line("D0801", *dates))))
    assert found.on == on
    assert told in " ".join(found.told)
    assert bool(told) == bool(found.told)


def test_of_two_dates_of_a_claim_the_first_counts_for_its_lines() -> None:
    found = only(dental(*claim("A7", DAY, "DTP*472*D8*20260304", *line("D0801"))))
    assert found.on == "2026-03-02"
    assert "more than one date" in found.told[0]


def test_the_date_of_a_line_that_is_none_of_cdt_is_not_that_of_the_claim() -> None:
    found = only(dental(*claim("A7", "SV1*HC:1*2", DAY, *line("D0801"))))
    assert found.on == ""


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("DTP*472*D8*2026032", "segment 17, DTP: expected a date such as 20260302"),
        ("DTP*472*D8", "segment 17, DTP"),
        ("DTP*472*RD8*20260302-", "segment 17, DTP"),
        ("DTP*472*D8*２０２６0302", "segment 17, DTP"),
        ("DTP*472*D8*20260302*LX*2", "segment 17, DTP"),
        ("DTP*472*D8*20260302*LX", "segment 17, DTP"),
    ],
)
def test_a_date_that_is_none_makes_its_line_unread_and_no_other(broken: str, told: str) -> None:
    results = read(dental(*claim("A7", *line("D0801", broken)), *line("D0396", DAY, at=2)))
    assert [(each.line, each.billed) for each in given_in(results)] == [(2, "D0396")]
    (lost,) = not_read(results)
    assert told in lost.why
    assert (lost.line, lost.claim) == (1, "A7")
    assert [each.in_part for each in results if isinstance(each, Whole)] == [1]


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("SV3*HC:99213*100", "segment 16, SV3: not CDT: its qualifier is 'HC'"),
        ("SV3*D0801*100", "segment 16, SV3: not CDT: its qualifier is 'D0801'"),
        (f"SV3*{PERSONAL}:D0801*1", "segment 16, SV3: not CDT: its qualifier is of another form"),
        ("SV3**100", "segment 16, SV3: not CDT: its qualifier is missing"),
        ("SV3", "segment 16, SV3"),
        ("SV3*AD*100", "segment 16, SV3: no code is on it"),
        ("SV3*AD:D0801*1*2*3*4*5*6*7*8*9*10*11*12", "segment 16, SV3: it has too many elements"),
        ("SV1*HC:99213*100", "segment 16, SV1: a line of professional claims"),
        ("SV2*0300*HC:99213*100", "segment 16, SV2: a line of institutional claims"),
    ],
)
def test_a_line_that_is_none_of_cdt_is_told_by_its_segment(service: str, told: str) -> None:
    results = read(dental(*claim("A7", "LX*1", service, DAY), *line("D0396", DAY, at=2)))
    assert [(each.line, each.billed) for each in given_in(results)] == [(2, "D0396")]
    first = not_read(results)[0]
    assert told in first.why
    assert (first.line, sum(each.rows for each in not_read(results))) == (1, 1)


@pytest.mark.parametrize(
    ("area", "arch", "told"),
    [
        ("00", "00", ""),
        ("01:02", "00", ""),
        ("10", "", "'10'"),
        ("01:40", "01", "'40'"),
        ("10:20:30:40:03:04", "", "'10' and '20' and '30' and '40' and '03' is no whole arch"),
        (PERSONAL, "", "The area given is"),
        (PERSONAL[:2], "", "The area given is"),
        ("1234567", "", "The area given is"),
        ("", "", ""),
    ],
)
def test_the_area_of_the_mouth_is_an_arch_or_told_to_be_none(
    area: str, arch: str, told: str
) -> None:
    found = only(dental(*claim("A7", *line("D0801", DAY, area=area))))
    assert found.arch == arch
    assert told in " ".join(found.told)
    assert bool(told) == bool(found.told)


@pytest.mark.parametrize("service", ["AD:D0801*1**01*I*1", "AD:D0801:::::words*1**01**1"])
def test_what_else_stands_on_a_line_changes_nothing(service: str) -> None:
    found = only(dental(*claim("A7", "LX*1", f"SV3*{service}", DAY)))
    assert found == Given(1, "A7", "2026-03-02", "D0801", (), "01", "1")


def test_a_modifier_and_a_predetermination_are_told() -> None:
    (whole,) = read(
        dental("CLM*A7*300***11:B:1*Y*A*Y*Y**********PB", "LX*1", "SV3*AD:D0801:52*100****1")
    )
    assert isinstance(whole, Whole)
    assert "predetermination" in whole.told[0]
    assert "modifier" in " ".join(whole.lines[0].told)
    assert whole.lines[0].on == ""


def test_all_that_there_is_to_say_of_a_line_is_said() -> None:
    segment = "SV3*AD:D0801::::52*100**10**1*7*8*9*10*11"
    found = only(dental(*claim("A7", "DTP*452*D8*20260115", "LX*1", segment)))
    area, modifier, placed = found.told
    assert "'10'" in area
    assert "modifier" in modifier
    assert "DTP*452" in placed


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("*00501*", "*00200*", "expected version 00501"),
        ("OFFICE         ", "OFFICE", "it has not the 106 signs"),
        ("*P*:~", "*P*A~", "a letter, a digit or a blank stands where"),
    ],
)
def test_a_second_interchange_that_begins_wrong_is_read_on_with_the_signs_of_the_first(
    before: str, after: str, told: str
) -> None:
    second = GOOD.replace(before, after, 1)
    assert second != GOOD
    results = read(GOOD + second)
    assert accounted(results) == 6
    assert f"segment 30, ISA: {told}" in whys(GOOD + second)
    assert [each.billed for each in given_in(results)] == ["D0801", "D0396", "D0470"] * 2


@pytest.mark.parametrize("newline", ["", "\n", "\r\n"])
@pytest.mark.parametrize("signs", ["*:~", "|>!", "+\\'", "*:\n", "\x1d\x1f\x1c"])
def test_the_signs_that_part_a_file_are_those_that_it_names(signs: str, newline: str) -> None:
    segments_ = claim("A7", *line("D0801", DAY, area="01:02"))
    one = dental(*segments_, signs=signs, newline="" if signs[2] == "\n" else newline)
    other = dental(*claim("B", *line("D0396", DAY)))
    for text in (one, "\ufeff\n" + one + other, other + newline + one, one + "\n\ufeff" + other):
        lines = given_in(read(text))
        expected = {"A7": "D0801", "B": "D0396"} if other in text else {"A7": "D0801"}
        assert {each.claim: each.billed for each in lines} == expected
        assert not not_read(read(text))


def test_transactions_and_interchanges_follow_one_another() -> None:
    each = [
        transaction(*claim(f"A{at}", *line("D0801", DAY)), number=f"{at:04}") for at in range(3)
    ]
    text = written(group(each[0], each[1])) + written(group(each[2]), group(each[0]))
    lines = given_in(read(text))
    assert [(each.line, each.claim) for each in lines] == [
        (1, "A0"),
        (2, "A1"),
        (3, "A2"),
        (4, "A0"),
    ]


def test_two_claims_of_one_label_stay_two() -> None:
    text = dental(*claim("A7", *line("D0801", DAY)), *claim("A7", *line("D0801", DAY)))
    assert [len(each.lines) for each in read(text) if isinstance(each, Whole)] == [1, 1]


def test_a_transaction_of_another_kind_is_told_and_the_rest_is_read() -> None:
    dental_one = transaction(*claim("A7", *line("D0801", DAY)))
    medical = transaction(*claim("M", "LX*1", "SV1*HC:1*2", "LX*2", "SV1*HC:3*4"), version="")
    payment = transaction("CLP*1", version="", identifier="835", number="0003")
    groups = [
        group(dental_one),
        group(medical, version="005010X222A1", number="2"),
        group(payment, version="005010X221A1", number="3"),
        group(dental_one, number="4"),
    ]
    results = read(written(*groups))
    assert [(each.line, each.billed) for each in given_in(results)] == [(1, "D0801"), (4, "D0801")]
    professional, explanation = not_read(results)
    assert "an 837P, professional (medical) claims" in professional.why
    assert (professional.line, professional.rows) == (3, 2)
    assert "segments 21 to 37: " in professional.why
    assert "an 835, the payer's explanation" in explanation.why
    assert (explanation.line, explanation.rows) == (3, 0)
    (first, *_) = read(written(group(payment, version="005010X221A1"), group(dental_one)))
    assert isinstance(first, NotRead)
    assert (first.line, first.rows) == (1, 0)


def test_a_transaction_names_its_version_by_itself_or_by_its_group() -> None:
    one = claim("A7", *line("D0801", DAY))
    assert len(given_in(read(written(transaction(*one, version=""))))) == 1
    medical = transaction(*one, version="005010X222A1", number="2")
    results = read(written(group(transaction(*one)), group(medical, version="", number="2")))
    assert [each.line for each in given_in(results)] == [1]
    assert ["an 837P" in each.why for each in not_read(results)] == [True]


def test_service_lines_of_another_transaction_are_counted_however_they_are_damaged() -> None:
    services = ("LX*1", "SV1*HC:1*2", "LX*2", "SV1|HC:3|4", "LX*3", "SV1|HC:5|6")
    medical = transaction(*claim("M", *services), version="005010X222A1")
    text = written(group(medical, version="005010X222A1"))
    assert [each.rows for each in not_read(read(text)) if "837P" in each.why] == [3]
    assert accounted(read(text)) == counted(text) == 3
    cut = text[: text.index("SE*")]
    assert "segments 3 to 20: an 837P" in whys(cut)


# --- Damage that is named -------------------------------------------------------------------------

GOOD = dental(
    *claim("A7", *line("D0801", DAY, area="01")),
    *line("D0396", DAY, at=2, area="02"),
    *claim("A8", *line("D0470", DAY)),
)


def whys(text: str) -> str:
    return "\n".join(each.why for each in not_read(read(text)))


@pytest.mark.parametrize(
    ("before", "after", "told", "place"),
    [
        ("SE*25*", "SE*24*", "27, SE: its count of segments is not what is there", (3, 0, "")),
        ("SE*25*0001", "SE*25*0009", "27, SE: it closes another transaction", (3, 0, "")),
        ("GE*1*1", "GE*2*1", "28, GE: its count of transactions", (3, 0, "")),
        ("GE*1*1", "GE*1*2", "28, GE: it closes another group", (3, 0, "")),
        ("IEA*1*", "IEA*3*", "29, IEA: its count of groups", (3, 0, "")),
        ("IEA*1*0", "IEA*1*9", "29, IEA: it closes another interchange", (3, 0, "")),
        ("LX*2", "LX*3", "18, LX: its number is not the one that is due", (1, 0, "A7")),
        ("HL*2*1", "HL*3*1", "7, HL: its number is not the one that is due", (1, 0, "")),
        ("HL*2*1", "HL*2*7", "7, HL: what it belongs to is not there", (1, 0, "")),
        ("LX*1~\nSV3", "LX*1*SV3", "15, LX: it has too many elements", (1, 0, "A7")),
        ("LX*1~", "LX*1*1~", "15, LX: it has too many elements", (1, 0, "A7")),
        ("LX*1~\nSV3", "LX*1SV3", "15, LX: no SV3 follows it", (1, 0, "A7")),
        ("~\nLX*2~", "LX*2~", "17, DTP: expected a date", (1, 1, "A7")),
        ("SV3*AD:D0396*100**02**1~\n", "", "18, LX: no SV3 follows it", (1, 0, "A7")),
        ("\nSV3*AD:D0396", "\nSV3|AD:D0396", "19, SV3: no segment has such a name", (2, 1, "A7")),
        ("\nLX*2~", "\nlx*2~", "18: no segment has such a name", (1, 0, "A7")),
        ("SE*25*0001~\n", "", "27, GE: it closes a group in which", (3, 0, "")),
        ("GE*1*1~\n", "", "28, IEA: it closes an interchange in which", (3, 0, "")),
        ("GS*HC", "XX*HC", "28: it is no segment, or ends what never began", (3, 0, "")),
        ("CLM*A7", "ZZZ*A7", "16, SV3: it stands in no claim", (1, 1, "")),
    ],
)
def test_a_file_that_does_not_hold_together_names_the_segment(
    before: str, after: str, told: str, place: tuple[int, int, str]
) -> None:
    assert before in GOOD
    assert whys(GOOD) == ""
    results = read(GOOD.replace(before, after, 1))
    first = next(each for each in not_read(results) if told in each.why)
    assert first.why.startswith("segment ")
    assert (first.line, first.rows, first.claim, first.of) == (*place, "unreadable")
    in_part = [each.in_part for each in results if isinstance(each, Whole)]
    assert any(in_part) == bool(place[2])


def test_an_empty_segment_is_no_mistake() -> None:
    results = read(GOOD.replace("\nLX*2~", "\n~\nLX*2~", 1))
    assert [(each.why, each.of) for each in not_read(results)] == [
        ("segment 18: it is empty.", "blank")
    ]
    assert [each.in_part for each in results if isinstance(each, Whole)] == [0, 0]


def test_a_number_that_comes_again_is_told() -> None:
    inside = transaction(*claim("A7", *line("D0801", DAY)))
    assert "ST: its number came before" in whys(written(group(inside, inside)))
    assert "GS: its number came before" in whys(written(group(inside), group(inside)))


def test_a_number_that_comes_again_is_looked_for_among_the_last_alone() -> None:
    each = [transaction(number=f"{at:04}") for at in range(502)]
    for last, told in ((each[2], True), (each[1], False)):
        assert ("ST: its number came before" in whys(written(group(*each, last)))) is told


def test_a_date_before_its_service_is_that_of_the_line() -> None:
    text = dental(*claim("A7", "LX*1", DAY, "SV3*AD:D0801*100"), *line("D0396", at=2))
    assert [(each.billed, each.on) for each in given_in(read(text))] == [
        ("D0801", "2026-03-02"),
        ("D0396", ""),
    ]


def test_lines_without_their_numbers_keep_their_own_dates() -> None:
    text = dental(*claim("A7", "SV3*AD:D0801*1", DAY, "SV3*AD:D0396*1"))
    assert [each.on for each in given_in(read(text))] == ["2026-03-02", ""]


def test_a_file_that_breaks_off_names_where_and_gives_no_line_that_may_be_cut() -> None:
    at = GOOD.index("SV3*AD:D0396")
    assert [(each.line, each.rows, each.claim) for each in not_read(read(GOOD[: at + 12]))] == [
        (2, 1, "A7"),
        (2, 0, "A7"),
    ]
    results = read(GOOD[: at + 12])
    assert [each.billed for each in given_in(results)] == ["D0801"]
    assert "segment 19, SV3: the file breaks off in it." in whys(GOOD[: at + 12])
    assert [each.in_part for each in results if isinstance(each, Whole)] == [2]
    whole_segment = GOOD[: GOOD.index("\n", at)]
    assert [each.billed for each in given_in(read(whole_segment))] == ["D0801"]
    assert accounted(read(whole_segment)) == 2
    told = whys(whole_segment)
    assert "segment 19, SV3: the file breaks off in this service line." in told
    assert "segment 19: what is open ends here, without SE, GE, IEA." in told


def test_a_claim_without_a_line_is_told() -> None:
    (lost,) = not_read(read(dental(*claim("A7", DAY))))
    assert lost.why == "segment 12, CLM: the claim has no service line."
    assert (lost.line, lost.rows, lost.claim) == (1, 0, "A7")


def test_a_line_outside_of_a_claim_is_told() -> None:
    assert "segment 13, SV3: it stands in no claim." in whys(dental(*line("D0801", DAY)))


def test_a_segment_without_an_end_is_told_and_what_follows_is_read() -> None:
    for length in (8_000, 9_000, 20_000, 999_000):
        long = GOOD.replace("NTE*ADD*", "NTE*ADD*" + "x" * length, 1)
        assert len(given_in(read(long))) == 3
        assert whys(long) == ""
    long = GOOD.replace("NTE*ADD*", "NTE*ADD*" + "x" * 1_200_000, 1)
    assert len(given_in(read(long))) == 3
    assert whys(long).splitlines() == [
        "segment 14, NTE: longer than 1,000,000 characters. Its end is missing.",
        "segment 27, SE: its count of segments is not what is there. Something is missing, or twice"
        " there.",
    ]


def test_an_interchange_of_the_older_version_is_read() -> None:
    older = read(GOOD.replace("*00501*", "*00401*"))
    assert given_in(older) == given_in(read(GOOD))
    assert not not_read(older)


def test_an_interchange_that_begins_in_another_leaves_that_one_open() -> None:
    text = f"{GOOD[: GOOD.index('SE*25')]}~\n"
    again = "its number came before. Is the interchange in the file twice?"
    lacking = "what is open ends here, without SE, GE, IEA."
    empty = "segment 27: it is empty."
    other = GOOD.replace("*00501*", "*00200*", 1)
    for second, told in (
        (GOOD, [empty, f"segment 27: {lacking}"]),
        (other, [empty, f"segment 28, ISA: {again}", f"segment 56: {lacking}"]),
    ):
        assert whys(text + second).splitlines() == told
        assert len(given_in(read(text + second))) == 6


def test_what_follows_an_interchange_and_is_none_is_not_called_one() -> None:
    assert "ISA" not in whys(GOOD + "ZZZ*1~")
    assert accounted(read(GOOD + "SV3*AD:D0801~")) == 4


def test_the_same_is_found_in_smaller_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    between = " " * (1_000 - len(GOOD)) + "\r\n\ufeff "  # the next begins with a piece
    texts = [f"{GOOD}{between}{GOOD}\n\n\ufeff\n", f"{GOOD}LX**", f"{GOOD}\nSV3*AD"]
    whole = [read(text) for text in texts]
    assert [len(not_read(results)) for results in whole] == [0, 1, 1]
    monkeypatch.setattr(segments, "_CHUNK", 1_000)
    assert [read(text) for text in texts] == whole


def test_what_breaks_off_is_told_by_its_name() -> None:
    for cut, told in (("LX**", "18, LX"), ("SV3*AD:", "18, SV3"), ("Zyxwv", "18")):
        text = GOOD[: GOOD.index("LX*2")] + cut
        assert f"segment {told}: the file breaks off in it." in whys(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("LX*2~", "~\n"),
        ("LX*2~", f"*{PERSONAL}~"),
        ("LX*2~", f"{PERSONAL}~{PERSONAL}*1~"),
        ("GS*HC", "XX*HC"),
        (f"{PERSONAL}*****XX", PERSONAL * 300_000),
        ("SE*25*0001~", ""),
        ("IEA*1*000000001~", PERSONAL),
        ("IEA*1*000000001~", f"SE~{GOOD}"),
        ("\nSV3*AD:D0396", f"\n{PERSONAL}|AD:D0396"),
        ("GE*1*1~", f"GE*1*1~\n~\n{GOOD}"),
        ("GE*1*1~", f"~\n{GOOD}"),
    ],
)
def test_of_a_segment_with_something_wrong_no_more_is_kept_than_its_name(
    before: str, after: str
) -> None:
    text = GOOD.replace(before, after, 1)
    assert text != GOOD
    wrong = 0
    for each in segments.read(io.StringIO(text, newline="")):
        assert len(each.name) <= 3 or not each.why
        if each.why:
            wrong += 1
            assert each.elements == []
    assert wrong


@pytest.mark.parametrize("version", ["00200", "Zyxwv"])
def test_a_version_that_is_not_read_is_refused(version: str) -> None:
    with pytest.raises(InvalidInputError, match="segment 1, ISA: expected version 00501"):
        read(GOOD.replace("*00501*", f"*{version}*"))


def test_without_pyx12_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*sys.modules]:
        if name.partition(".")[0] == "pyx12":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyx12", None)
    with pytest.raises(InvalidInputError, match=r"837D.*pip install 'cdtref\[edi\]'"):
        read(GOOD)


# --- Nothing vanishes -----------------------------------------------------------------------------


def counted(text: str, end: str = "~") -> int:
    """The service lines of a file, counted without its reader."""
    return len(re.findall(rf"(?:^|{re.escape(end)})\s*SV[123]", text))


def accounted(results: list[Read]) -> int:
    return len(given_in(results)) + sum(each.rows for each in not_read(results))


FILES = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from([GOOD, dental(*claim("X", "LX*1", "SV1*HC:1*2", *line("D0801", at=2)))]),
    st.sampled_from(
        [
            "",
            GOOD,
            written(group(transaction("LX*1", "SV1*HC:1*2", version="005010X222A1"))),
            written(group(transaction(*claim("C", *line("D0801")), identifier="835"))),
        ]
    ),
)
DAMAGE = st.sampled_from(
    ["cut", "double", "drop", "swap", "merge", "empty", "noise", "blank", "other signs"]
)
NOISE = st.sampled_from(
    ["*", ":", "~", "~~", "ISA", "SV3*", "~SV3*AD:D0801", "\0", "\udcff", "é", "~ ~"]
)


def harmed(text: str, how: str, data: st.DataObject) -> str:
    """A file to which one thing happened, behind its first segment."""
    parts = text[107:].split("~")
    at = data.draw(st.integers(0, len(parts) - 1))
    other = data.draw(st.integers(0, len(parts) - 1))
    place = data.draw(st.integers(107, len(text)))
    match how:
        case "cut":
            return text[:place]
        case "double":
            parts.insert(other, parts[at])
        case "drop":
            del parts[at]
        case "swap":
            parts[at], parts[other] = parts[other], parts[at]
        case "merge":
            parts[at : at + 2] = ["".join(parts[at : at + 2])]
        case "empty":
            parts.insert(at, data.draw(st.sampled_from(["", "\n", " ", "\r\n\r\n"])))
        case "noise":
            return text[:place] + data.draw(NOISE) + text[place:]
        case "blank":
            parts[at] = " " + parts[at].lstrip()
        case "other signs":
            parts[at] = parts[at].replace("*", "|")
    return text[:107] + "~".join(parts)


def test_a_service_line_with_two_mistakes_of_one_kind_is_told_once() -> None:
    text = GOOD.replace("\nSV3*AD:D0801*100**01**1~", " SV3|AD:D0801|100||01||1~")
    assert text != GOOD
    assert accounted(read(text)) == counted(text)


@given(FILES, st.lists(DAMAGE, max_size=4), st.data())
def test_each_service_line_of_a_damaged_file_is_given_or_told(
    text: str, damage: list[str], data: st.DataObject
) -> None:
    for how in damage:
        if len(text) > 107:
            text = harmed(text, how, data)
    # An ISA names the signs that part what follows: harmed, it names others than are counted by.
    assume(text.count("ISA*") == text.count(GOOD[:106]))
    results = read(text)
    assert accounted(results) == counted(text)


@given(FILES, st.sampled_from(["|>!", "+\\'", "*:\n", "\x1d\x1f\x1c"]), FILES)
def test_each_service_line_of_files_with_other_signs_is_given_or_told(
    one: str, signs: str, other: str
) -> None:
    changed = one.translate(str.maketrans("*:~", signs))
    assert accounted(read(changed + other)) == counted(one) + counted(other)


@given(st.text(max_size=300), st.integers(107, len(GOOD)))
@example("ISA|", 107)
@example("IEA*~IEA*~SE~SE~GE~GE~IEA~ISA*~", 400)
def test_any_text_is_read_or_told(text: str, place: int) -> None:
    for each in read(GOOD[:place] + text):
        assert each.line >= 1 or isinstance(each, Whole)


# --- The whole way --------------------------------------------------------------------------------


def test_a_file_is_checked_and_each_service_line_accounted_for() -> None:
    text = dental(
        *claim("A7", *line("D0470", DAY, area="01")),
        *line("D0470", DAY, at=2, area="01"),
        *("LX*3", "SV3*HC:99213*100"),
        *claim("A8", "DTP*452*D8*20260115", *line("D8080")),
        *claim("A9", *line("D2740", DAY)),
    )
    checked = cdtref.check_file(io.BytesIO(text.encode()))
    results = list(checked)
    assert PERSONAL not in repr(results)
    assert checked.format == "x12"
    lost = [(each.line, each.claim) for each in results if isinstance(each, NotRead)]
    assert sorted(lost) == [(3, "A7"), (4, "A8")]
    found = [one for each in results if not isinstance(each, NotRead) for one in each.findings]
    assert [one.lines for one in found if one.kind == "duplicate"] == [(1, 2)]
    assert "line 3 was not read" in " ".join(one.why for one in found)
    assert checked.summary.lines == 5 == counted(text)
    assert checked.summary.unreadable == 2
    assert "DTP*452" in " ".join(checked.said())


# --- Size -----------------------------------------------------------------------------------------


class Endless(io.RawIOBase):
    """A file of many claims, made while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.left = b""

    def read(self, size: int = -1, /) -> bytes:
        self.left = self.left or next(self.pieces, b"")
        found, self.left = self.left[:size], self.left[size:]
        return found


def test_a_file_of_any_size_is_read_in_constant_memory() -> None:
    start, end = dental("@").split("@~\n")
    one = "".join(f"{segment}~\n" for segment in claim("A7", *line("D0801", DAY)))
    pieces = iter([start.encode(), *([one.encode() * 100] * 30), end.encode()])
    tracemalloc.start()
    count = 0
    for each in x12.read(sniffing.opened(Endless(pieces))[1]):
        count += isinstance(each, Whole)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 3_000
    assert peak < 1_500_000


def test_the_longest_segment_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "LONGEST", 100_000)
    text = GOOD.replace("LX*2~", "LX*" + "9" * 300_000 + "~", 1)
    assert "segment 18, LX: longer than 100,000 characters" in whys(text)
    results = read(GOOD.replace("SV3*AD:D0396*", "SV3*AD:D0396*" + "9" * 300_000, 1))
    assert [(each.line, each.rows) for each in not_read(results)] == [(2, 1), (3, 0)]
    assert accounted(results) == 3
    wholes = [each for each in read(text) if isinstance(each, Whole)]
    assert [len(each.lines) for each in wholes] == [2, 1]
    assert [each.in_part for each in wholes] == [1, 0]


@pytest.mark.parametrize("signs", ["*:~", "|>!"])
@pytest.mark.parametrize("ends", [1, 8_000, 20_000])
def test_however_many_line_ends_part_two_interchanges_both_are_read(ends: int, signs: str) -> None:
    first = dental(*claim("A7", *line("D0801", DAY)))
    other = dental(*claim("B8", *line("D0396", DAY)), signs=signs)
    found = read(first + "\n" * ends + other)
    assert [one.billed for one in given_in(found)] == ["D0801", "D0396"]
    assert not_read(found) == []
