"""Bad input: a clear error that says what was wrong and what would be right."""

import datetime as dt
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cdtref
from cdtref import (
    InvalidDateError,
    InvalidInputError,
    UnknownCodeError,
    UnknownEditionError,
    UnknownIdError,
    UnknownServiceError,
)

ON = "2026-03-02"
AFTER = cdtref.editions()[-1].until + dt.timedelta(days=1)


def plain(name: str) -> str:
    return " ".join(name.lower().replace("-", " ").replace("_", " ").split())


@pytest.mark.parametrize("code", ["D0470", "d0470", "  D0470 ", "\td0470\n"])
@pytest.mark.parametrize("service", ["stone-cast", " Stone Cast ", "STONE_CAST"])
def test_case_and_stray_spaces_are_understood(code: str, service: str) -> None:
    answer = cdtref.can_bill(code, service, on=ON)
    assert (answer.code, answer.service, answer.verdict) == ("D0470", "stone-cast", "yes")


@pytest.mark.parametrize(
    ("code", "nearest"),
    [
        ("0470", "D0470"),
        ("D470", "D0470"),
        ("D04700", "D0470"),
        ("DO470", "D0470"),
        ("470", "D0470"),
    ],
)
def test_a_malformed_code_suggests_the_nearest(code: str, nearest: str) -> None:
    with pytest.raises(UnknownCodeError, match="is not a procedure code") as caught:
        cdtref.can_bill(code, "stone-cast", on=ON)
    assert caught.value.malformed
    assert nearest in caught.value.nearest
    assert nearest in str(caught.value)


@pytest.mark.parametrize("code", [code.code for code in cdtref.all_codes()])
def test_a_code_without_its_letter_or_zero_is_meant_before_all_others(code: str) -> None:
    digits = code.removeprefix("D")
    for written in (digits, digits.lstrip("0")):
        with pytest.raises(UnknownCodeError) as caught:
            cdtref.code(written)
        assert caught.value.nearest[0] == code, written


@pytest.mark.parametrize("code", ["D2740", "d0120"])
def test_a_code_outside_the_topic_says_so(code: str) -> None:
    with pytest.raises(UnknownCodeError, match="outside this topic") as caught:
        cdtref.can_bill(code, "stone-cast", on=ON)
    assert not caught.value.malformed
    assert caught.value.code == code.upper()


@pytest.mark.parametrize("code", ["x", "D٠٤٧٠", "ß", "D0470\x00", "D0470 D0801", "D" * 1000, "🦷"])
def test_garbage_is_refused_in_one_short_line(code: str) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        cdtref.code(code)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


# --- Services by their names ----------------------------------------------------------------------

NAMES = [
    ("iTero", "intraoral-scan"),
    ("3D scan", "intraoral-scan"),
    ("STL", "intraoral-scan"),
    ("study model", "stone-cast"),
    ("digital setup", "virtual-simulation"),
    ("moulage", "facial-moulage-scan"),
    ("Invisalign scan", "aligner-scan"),
    ("scan for night guard", "digital-impression"),
]


@pytest.mark.parametrize(("name", "id"), NAMES)
def test_everyday_words_are_understood_as_the_service_they_name(name: str, id: str) -> None:
    for written in (name, name.upper(), name.lower(), f"  {name.replace(' ', '  ')}\t"):
        assert cdtref.service(written).id == id
    for joint in "-_":
        assert cdtref.service(name.replace(" ", joint)).id == id


@pytest.mark.parametrize(("name", "id"), NAMES)
def test_a_name_asks_the_same_as_its_id(name: str, id: str) -> None:
    assert cdtref.can_bill("D0801", name, on=ON) == cdtref.can_bill("D0801", id, on=ON)
    # What comes back is the id, never the words that were typed.
    assert cdtref.can_bill("D0801", name, on=ON).service == id
    assert cdtref.recommend([name], on=ON) == cdtref.recommend([id], on=ON)
    by_name, by_id = (
        cdtref.check_claim({"lines": [{"on": ON, "code": "D0802", "did": did}]})
        for did in (name, id)
    )
    assert by_name == by_id
    assert by_name, "nothing that was named here is the scan of a cast"
    assert cdtref.check_claim({"on": ON, "did": [name], "billed": ["D0802"]}) == (
        cdtref.check_claim({"on": ON, "did": [id], "billed": ["D0802"]})
    )


@pytest.mark.parametrize("service", cdtref.services(), ids=lambda service: service.id)
def test_every_listed_name_leads_to_its_service_alone(service: cdtref.Service) -> None:
    shared = {plain(name) for other in cdtref.services() for name in other.shared}
    for name in (service.id, service.short, service.phrase, *service.also):
        assert cdtref.service(name) == service, name
    for name in service.also:
        assert plain(name) not in shared, f"{name!r} is said to be of several services"
    for term in cdtref.glossary():
        if term.service == service.id:
            for name in (term.term, *term.also):
                assert cdtref.service(name) == service, name


SHARED = sorted({name for service in cdtref.services() for name in service.shared})


@pytest.mark.parametrize("name", SHARED)
def test_a_name_of_several_services_is_refused_with_all_of_them(name: str) -> None:
    """In the order of the services, so that nothing is put forward."""
    sharing = tuple(
        service.id
        for service in cdtref.services()
        if plain(name) in {plain(shared) for shared in service.shared}
    )
    assert len(sharing) > 1
    for ask in (
        lambda: cdtref.service(name),
        lambda: cdtref.service(f" {name.upper()} "),
        lambda: cdtref.can_bill("D0470", name, on=ON),
        lambda: cdtref.recommend(["stone-cast", name], on=ON),
        lambda: cdtref.check_claim({"on": ON, "did": [name], "billed": ["D0470"]}),
    ):
        with pytest.raises(UnknownServiceError, match="may be one of several services") as caught:
            ask()
        assert caught.value.nearest == sharing
        for id in sharing:
            assert f"{id} ({cdtref.service(id).short})" in str(caught.value)


def test_a_digital_impression_is_asked_about_and_its_id_is_not() -> None:
    """To some it is a scan kept as a record, to others the step of a crown."""
    for words in ("digital impression", "Digital Impression", " digital  impression "):
        with pytest.raises(UnknownServiceError, match="may be one of several") as caught:
            cdtref.service(words)
        assert caught.value.nearest == ("intraoral-scan", "digital-impression", "aligner-scan")
    for id in ("digital-impression", "Digital_Impression", "DIGITAL-IMPRESSION"):
        assert cdtref.service(id).id == "digital-impression"


@pytest.mark.parametrize(
    ("service", "nearest"),
    [
        ("intraoral-scn", "intraoral-scan"),
        ("iTreo", "intraoral-scan"),
        ("studdy model", "stone-cast"),
        ("Plaster", "stone-cast"),
        ("digital setpu", "virtual-simulation"),
        ("mulage", "facial-moulage-scan"),
        ("Invisaligne scan", "aligner-scan"),
        ("cast", "stone-cast"),
        ("crown", "digital-impression"),
        ("night guard scans", "digital-impression"),
    ],
)
def test_words_that_are_no_name_suggest_the_nearest(service: str, nearest: str) -> None:
    """A name is never guessed, not with one letter wrong either."""
    with pytest.raises(UnknownServiceError, match="is no service that we know") as caught:
        cdtref.can_bill("D0470", service, on=ON)
    assert nearest in caught.value.nearest
    assert f"{nearest} ({cdtref.service(nearest).short})" in str(caught.value)


def test_a_service_like_nothing_is_sent_to_the_list() -> None:
    with pytest.raises(UnknownServiceError, match="`cdtref service` lists them all"):
        cdtref.service("qqqqqq")


@pytest.mark.parametrize(
    "on",
    [
        *(None, "", "now", "03/02/2026", "2026-3-2", "20260302", "2026-W10-1", "2026-02-30"),
        *("2026-13-01", "2026-03-02T10:00", "0000-00-00", "２０２６-03-02"),
        *(20260302, 2026.0, b"2026-03-02", [], True),
    ],
)
def test_what_is_no_date_is_refused(on: Any) -> None:
    for ask in (
        lambda: cdtref.can_bill("D0470", "stone-cast", on=on),
        lambda: cdtref.recommend(["stone-cast"], on=on),
        lambda: cdtref.codes(on=on),
    ):
        with pytest.raises(InvalidDateError, match="expected a date of service"):
            ask()


def test_a_datetime_is_refused_because_its_day_depends_on_a_time_zone() -> None:
    with pytest.raises(InvalidDateError, match=r"pass \.date\(\)"):
        cdtref.can_bill("D0470", "stone-cast", on=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))


@pytest.mark.parametrize("on", ["2013-12-31", AFTER.isoformat(), "1900-01-01", "9999-12-31"])
def test_no_edition_is_guessed(on: str) -> None:
    for given in (on, dt.date.fromisoformat(on)):
        for ask in (
            lambda given=given: cdtref.can_bill("D0470", "stone-cast", on=given),
            lambda given=given: cdtref.recommend(["stone-cast"], on=given),
            lambda given=given: cdtref.codes(on=given),
        ):
            with pytest.raises(UnknownEditionError, match="none is guessed") as caught:
                ask()
            assert (caught.value.first, caught.value.last) == (
                cdtref.editions()[0].since,
                cdtref.editions()[-1].until,
            )


@pytest.mark.parametrize("value", [None, 470, 4.7, b"D0470", ["D0470"], {"D0470"}, True, object()])
def test_a_wrong_type_is_refused(value: Any) -> None:
    for ask in (
        lambda: cdtref.can_bill(value, "stone-cast", on=ON),
        lambda: cdtref.can_bill("D0470", value, on=ON),
        lambda: cdtref.code(value),
        lambda: cdtref.service(value),
        lambda: cdtref.rule(value),
        lambda: cdtref.source(value),
        lambda: cdtref.scenario(value),
        lambda: cdtref.question(value),
        lambda: cdtref.timeline(about=value),
    ):
        with pytest.raises(InvalidInputError, match="expected text such as"):
            ask()


@pytest.mark.parametrize("value", ["", "   ", "\n"])
def test_empty_text_is_refused(value: str) -> None:
    for ask in (cdtref.code, cdtref.service, cdtref.rule, cdtref.source, cdtref.scenario):
        with pytest.raises(InvalidInputError, match="empty text"):
            ask(value)


@pytest.mark.parametrize(
    "did",
    [
        None,
        [],
        (),
        "intraoral-scan",
        b"x",
        3,
        {"stone-cast"},
        {"stone-cast": 1},
        iter(["stone-cast"]),
        [None],
        [[]],
    ],
)
def test_did_is_a_list_of_services(did: Any) -> None:
    with pytest.raises(InvalidInputError, match="expected"):
        cdtref.recommend(did, on=ON)


def test_one_unknown_service_among_many_is_named() -> None:
    with pytest.raises(UnknownServiceError, match=r"'lab-prnt'.*lab-print"):
        cdtref.recommend(["intraoral-scan", "lab-prnt"], on=ON)


@pytest.mark.parametrize(
    ("ask", "given", "nearest"),
    [
        (cdtref.rule, "intraoral-scan-from-2032", "intraoral-scan-from-2023"),
        (cdtref.source, "delta-dental-fyi", "delta-dental-fyi-2026"),
        (cdtref.scenario, "scan-then-in-ofice-print", "scan-then-in-office-print"),
        (cdtref.question, "d0470-digitl", "d0470-digital"),
    ],
)
def test_an_unknown_id_suggests_the_nearest(ask: Any, given: str, nearest: str) -> None:
    with pytest.raises(UnknownIdError, match="Did you mean") as caught:
        ask(given)
    assert nearest in caught.value.nearest


def test_positions_and_statements_refuse_what_does_not_exist() -> None:
    with pytest.raises(UnknownIdError, match="question"):
        cdtref.positions(about="d0471-digital")
    with pytest.raises(UnknownIdError, match="source"):
        cdtref.statements(source="nobody")


def test_every_error_is_one_of_ours_a_value_error_and_survives_pickling() -> None:
    for ask in (
        lambda: cdtref.code("x"),
        lambda: cdtref.service("x"),
        lambda: cdtref.code(None),  # type: ignore[arg-type]
        lambda: cdtref.codes(on="x"),
        lambda: cdtref.codes(on=AFTER),
        lambda: cdtref.rule("x"),
    ):
        with pytest.raises(ValueError) as caught:  # noqa: PT011
            ask()
        assert isinstance(caught.value, cdtref.CdtrefError)
        again = pickle.loads(pickle.dumps(caught.value))
        assert (type(again), str(again), vars(again)) == (
            type(caught.value),
            str(caught.value),
            vars(caught.value),
        )


def test_an_error_carries_what_was_asked_for_as_data() -> None:
    """A program shows its own words; it needs the kind, the id and what was meant."""
    for ask, kind, id in (
        (lambda: cdtref.rule("none-such"), "rule", "none-such"),
        (lambda: cdtref.term("none-such"), "term", "none-such"),
        (lambda: cdtref.service(" None Such "), "service", "None Such"),
        (lambda: cdtref.service(SHARED[0]), "service", SHARED[0]),
    ):
        with pytest.raises(UnknownIdError) as caught:
            ask()
        assert (caught.value.kind, caught.value.id) == (kind, id)
    mistaken = cdtref.KnowledgeError("Two mistakes.", mistakes=("a", "b"))
    assert (str(mistaken), mistaken.mistakes) == ("Two mistakes.", ("a", "b"))


class Lines:
    def __repr__(self) -> str:
        return "first\n   second"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "got None."),
        (470, "got 470 (int)."),
        (4.5, "got 4.5 (float)."),
        pytest.param(10**5_000, "got <int> (int).", id="longer than Python prints"),
        (Lines(), "got first second (Lines)."),
        (["D0470"], "got ['D0470'] (list)."),
        (cdtref.code("D0470"), "(Code). Pass its .id."),
        ("  ", "got empty text."),
    ],
)
def test_a_wrong_value_is_shown_with_its_type_in_one_line(value: Any, told: str) -> None:
    for ask, field, example in (
        (cdtref.code, "code", "D0470"),
        (cdtref.service, "service", "intraoral-scan"),
        (cdtref.rule, "rule id", cdtref.rules()[0].id),
        (cdtref.edition, "edition id", cdtref.editions()[0].id),
    ):
        with pytest.raises(InvalidInputError) as caught:
            ask(value)
        assert str(caught.value).startswith(f"{field}: expected text such as {example!r}, ")
        assert str(caught.value).endswith(told)


@pytest.mark.parametrize(("letters", "cut"), [(57, False), (58, False), (59, True), (2_000, True)])
def test_what_was_typed_is_shown_whole_up_to_sixty_signs(letters: int, cut: bool) -> None:
    with pytest.raises(UnknownIdError) as caught:
        cdtref.rule("q" * letters)
    shown = str(caught.value).split(" is not the id of a rule.")[0]
    assert shown == (f"'{'q' * 56}..." if cut else repr("q" * letters))
    with pytest.raises(InvalidInputError) as listed:
        cdtref.rule([10**letters])  # type: ignore[arg-type]
    assert len(str(listed.value)) < 160


def test_an_id_is_understood_in_small_letters_and_capitals() -> None:
    assert cdtref.edition("cdt 2026").id == "CDT 2026"
    assert cdtref.rule("INTRAORAL-SCAN-FROM-2023").id == "intraoral-scan-from-2023"
    for ask, told in ((cdtref.edition, "an edition"), (cdtref.rule, "a rule")):
        with pytest.raises(UnknownIdError, match=f"^'qqqq' is not the id of {told}"):
            ask("qqqq")


def test_at_most_three_are_suggested_and_none_that_is_unlike() -> None:
    with pytest.raises(UnknownIdError) as caught:
        cdtref.rule("intraoral-scan-from-2022")
    assert 1 < len(caught.value.nearest) <= 3
    assert " or ".join(map(repr, caught.value.nearest)) in str(caught.value)
    with pytest.raises(UnknownIdError) as unlike:
        cdtref.rule("qqqqqqqqqqqq")
    assert unlike.value.nearest == ()
    assert str(unlike.value) == "'qqqqqqqqqqqq' is not the id of a rule."
    with pytest.raises(UnknownIdError) as capitals:
        cdtref.rule("INTRAORAL-SCAN-FROM-202X")
    assert capitals.value.nearest
    with pytest.raises(UnknownServiceError) as service:
        cdtref.service("scan models")
    assert len(service.value.nearest) == 3


@pytest.mark.parametrize(
    ("words", "nearest"),
    [("cast", "stone-cast"), ("scan models", "cast-scan"), ("wax", "diagnostic-wax-up")],
)
def test_of_names_with_words_in_common_the_one_with_fewest_others_is_nearest(
    words: str, nearest: str
) -> None:
    with pytest.raises(UnknownServiceError) as caught:
        cdtref.service(words)
    assert caught.value.nearest[0] == nearest


@pytest.mark.parametrize(
    "code", ["X0470", "D٠470", "D04٧0", "D047", "D04701", "D04_0", "d0 47", "0470D"]
)
def test_only_d_and_four_digits_are_a_code(code: str) -> None:
    for ask in (
        lambda: cdtref.code(code),
        lambda: cdtref.check_claim({"on": ON, "billed": [code]}),
    ):
        with pytest.raises(UnknownCodeError) as caught:
            ask()
        assert caught.value.malformed
        assert caught.value.code == code.upper()


@pytest.mark.parametrize("code", [" d2740 ", "D2740"])
def test_on_a_claim_another_code_is_told_as_it_should_be_written(code: str) -> None:
    (found,) = cdtref.check_claim({"on": ON, "billed": [code]})
    assert (found.code, found.kind) == ("D2740", "not-checked")
    with pytest.raises(UnknownCodeError, match=r"^D2740 is outside this topic") as caught:
        cdtref.code(code)
    assert (caught.value.code, caught.value.malformed) == ("D2740", False)
    with pytest.raises(UnknownCodeError) as near:
        cdtref.code("D0471")
    assert "D0470" in near.value.nearest
    assert "Did you mean" not in str(near.value), "to look at, not to guess"


# --- Cells of a table -----------------------------------------------------------------------------

ABSENT = [None, float("nan"), np.float64("nan"), pd.NA, pd.NaT]


@pytest.mark.parametrize("cell", ABSENT, ids=str)
def test_an_empty_cell_is_as_good_as_none(cell: Any) -> None:
    line = {"on": ON, "code": "D0470", "did": cell, "arch": cell, "quantity": cell}
    (found,) = cdtref.check_claim({"lines": [line]})
    assert (found.kind, found.lines) == ("not-checked", (1,))
    with pytest.raises(InvalidDateError, match="which is none"):
        cdtref.can_bill("D0470", "stone-cast", on=cell)


def test_numbers_and_dates_of_a_table_are_read_as_pythons_own() -> None:
    for quantity, told in ((np.int64(2), 1), (np.int64(1), 0), (np.int64(99), 1)):
        line = {"on": ON, "code": "D0470", "did": "stone-cast", "quantity": quantity}
        assert len(cdtref.check_claim({"lines": [line]})) == told
    for on in (np.datetime64("2026-03-02"), np.datetime64("2026-03-02T00:00")):
        assert cdtref.can_bill("D0470", "stone-cast", on=on).on == dt.date(2026, 3, 2)  # type: ignore[arg-type]
    wrong: Any
    for wrong in (np.datetime64("2026-03-02T10:00"), np.array(["2026-03-02"]), np.int64(2026)):
        with pytest.raises(InvalidDateError, match="expected a date of service"):
            cdtref.can_bill("D0470", "stone-cast", on=wrong)


@pytest.mark.parametrize(
    "quantity", [0, -1, 100, True, 1.0, "2", np.float64(2), [2], np.array([2])]
)
def test_a_quantity_is_a_whole_number_from_1_to_99(quantity: Any) -> None:
    line = {"on": ON, "code": "D0470", "quantity": quantity}
    told = r"^lines\[0\]\['quantity'\]: expected a whole number from 1 to 99, got "
    with pytest.raises(InvalidInputError, match=told):
        cdtref.check_claim({"lines": [line]})


@pytest.mark.parametrize("arch", ["left", 5, ["upper"], "upper lower"])
def test_an_arch_is_upper_lower_or_both(arch: Any) -> None:
    told = r"^lines\[1\]\['arch'\]: expected upper, lower or both \(U, L, 01, 02 or 00\), got "
    good = {"on": ON, "code": "D0470", "did": "stone-cast"}
    with pytest.raises(InvalidInputError, match=told):
        cdtref.check_claim({"lines": [good, good | {"arch": arch}]})
    for right in ("", " UPPER ", "Lower", "both"):
        assert cdtref.check_claim({"lines": [good | {"arch": right}]}) == ()


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("2026/03/02", "got '2026/03/02'."),
        ("2026-03/02", "got '2026-03/02'."),
        ("2026/03-02", "got '2026/03-02'."),
        ("2026-W10-1", "got '2026-W10-1'."),
        ("2026-03-021", "got '2026-03-021'."),
        ("2026-02-30", "got '2026-02-30': day is out of range"),
        (20260302, "got 20260302 (int)."),
        (None, "got None, which is none."),
    ],
)
def test_what_is_no_date_is_shown_with_one_that_is(on: Any, told: str) -> None:
    with pytest.raises(InvalidDateError) as caught:
        cdtref.can_bill("D0470", "stone-cast", on=on)
    assert "2026-03-02" in str(caught.value)
    assert told in str(caught.value)
    assert cdtref.can_bill("D0470", "stone-cast", on=" 2026-03-02 ").on.isoformat() == ON


@pytest.mark.parametrize(
    ("did", "told"),
    [
        ("intraoral-scan", "got 'intraoral-scan' (str)."),
        (None, "got None."),
        ([], "got an empty one."),
        (["stone-cast", 5], "did[1]: expected text such as 'intraoral-scan', got 5 (int)."),
        (["stone-cast", ""], "did[1]: expected text such as 'intraoral-scan', got empty text."),
    ],
)
def test_what_was_done_is_a_list_and_the_place_of_a_mistake_is_told(did: Any, told: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        cdtref.recommend(did, on=ON)
    assert str(caught.value).startswith("did")
    assert "'intraoral-scan'" in str(caught.value)
    assert told in str(caught.value)
