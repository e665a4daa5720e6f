"""What the library answers, against what the sources say, written out by hand."""

import datetime as dt
import itertools

import pytest
import time_machine

import cdtref
from cdtref import Outcome, Verdict, coding, library
from cdtref.model import covers

# (code, service, date of service, verdict, codes to report instead)
EXPECTED = [
    # A poured cast is D0470 in every year.
    ("D0470", "stone-cast", "2014-01-01", "yes", ()),
    ("D0470", "stone-cast", "2022-12-31", "yes", ()),
    ("D0470", "stone-cast", "2026-12-31", "yes", ()),
    ("D0801", "stone-cast", "2026-03-02", "no", ("D0470",)),
    ("D0396", "stone-cast", "2026-03-02", "no", ("D0470",)),
    ("D0470", "impression-only", "2026-03-02", "no", ()),
    # A scan of the mouth: D0470 was advised to 2022, D0801 exists from 2023.
    ("D0470", "intraoral-scan", "2022-12-31", "yes", ()),
    ("D0470", "intraoral-scan", "2023-01-01", "no", ("D0801",)),
    ("D0801", "intraoral-scan", "2022-12-31", "no", ("D0470",)),
    ("D0801", "intraoral-scan", "2023-01-01", "yes", ()),
    ("D0801", "intraoral-scan", "2026-03-02", "yes", ()),
    ("D0802", "intraoral-scan", "2026-03-02", "no", ("D0801",)),
    ("D0350", "intraoral-scan", "2026-03-02", "no", ("D0801",)),
    ("D0351", "intraoral-scan", "2014-12-31", "no", ("D0470",)),
    ("D0351", "intraoral-scan", "2016-03-02", "unsettled", ("D0470",)),
    ("D0470", "intraoral-scan", "2014-03-02", "yes", ()),
    ("D0351", "intraoral-scan", "2023-01-01", "no", ("D0801",)),
    # Scans of other things.
    ("D0802", "cast-scan", "2026-03-02", "yes", ()),
    ("D0801", "cast-scan", "2026-03-02", "no", ("D0802",)),
    ("D0802", "cast-scan", "2022-03-02", "no", ()),
    ("D0802", "impression-scan", "2026-03-02", "unsettled", ()),
    ("D0470", "impression-scan", "2026-03-02", "no", ()),
    ("D0803", "facial-scan", "2026-03-02", "yes", ()),
    ("D0804", "facial-scan", "2026-03-02", "no", ("D0803",)),
    ("D0351", "facial-scan", "2015-01-01", "yes", ()),
    ("D0351", "facial-scan", "2014-12-31", "no", ()),
    ("D0804", "facial-moulage-scan", "2023-01-01", "yes", ()),
    # Simulation: volumes from 2014, surface scans from 2023.
    ("D0393", "volume-simulation", "2014-01-01", "yes", ()),
    ("D0393", "virtual-simulation", "2022-12-31", "no", ()),
    ("D0393", "virtual-simulation", "2023-01-01", "yes", ()),
    ("D0393", "scan-viewing", "2026-03-02", "no", ()),
    # Prints: D0396 from 2024, in the office only.
    ("D0396", "in-office-print", "2023-12-31", "no", ()),
    ("D0396", "in-office-print", "2024-01-01", "yes", ()),
    ("D0470", "in-office-print", "2026-03-02", "no", ("D0396",)),
    ("D0470", "in-office-print", "2023-03-02", "unsettled", ()),
    ("D0396", "lab-print", "2026-03-02", "no", ()),
    ("D0470", "lab-print", "2026-03-02", "no", ()),
    ("D0396", "surgical-guide", "2026-03-02", "no", ("D6190",)),
    # Fusion and comparison.
    ("D0395", "volume-fusion", "2026-03-02", "yes", ()),
    ("D0395", "surface-volume-fusion", "2026-03-02", "unsettled", ()),
    ("D0394", "volume-subtraction", "2026-03-02", "yes", ()),
    ("D0394", "surface-scan-comparison", "2026-03-02", "unsettled", ()),
    # Part of something else.
    ("D0801", "digital-impression", "2026-03-02", "included", ()),
    ("D0801", "aligner-scan", "2026-03-02", "included", ()),
    ("D0470", "working-model", "2026-03-02", "included", ()),
    ("D0396", "working-model", "2026-03-02", "included", ()),
    ("D0801", "retainer-scan", "2026-03-02", "included", ()),
    ("D8680", "retainer-scan", "2026-03-02", "included", ()),
    ("D0801", "retake", "2026-03-02", "included", ()),
    ("D9950", "diagnostic-wax-up", "2026-03-02", "included", ()),
    ("D0470", "duplicate-models", "2026-03-02", "no", ()),
    # Neighbors.
    ("D9950", "mounted-analysis", "2026-03-02", "yes", ()),
    ("D0470", "mounted-analysis", "2026-03-02", "no", ("D9950",)),
    ("D0391", "outside-image-interpretation", "2026-03-02", "yes", ()),
    ("D0391", "outside-scan-interpretation", "2026-03-02", "unsettled", ()),
    ("D9996", "asynchronous-teledentistry", "2018-01-01", "yes", ()),
    ("D9996", "asynchronous-teledentistry", "2017-12-31", "no", ()),
    ("D0330", "working-model", "2026-03-02", "no", ()),
]


@pytest.mark.parametrize(("code", "service", "on", "verdict", "instead"), EXPECTED)
def test_can_bill(code: str, service: str, on: str, verdict: str, instead: tuple[str, ...]) -> None:
    answer = cdtref.can_bill(code, service, on=on)
    assert (answer.verdict, answer.instead) == (verdict, instead), answer.why
    assert (answer.code, answer.service, answer.on.isoformat()) == (code, service, on)
    assert answer.why.endswith(".")
    assert answer.edition == f"CDT {on[:4]}"
    assert cdtref.rule(answer.rule).service == service
    assert answer.ask.endswith("?") == (verdict == "unsettled")


@pytest.mark.parametrize(
    ("year", "codes", "unsettled"),
    [
        (2022, ["D0470"], ("in-office-print",)),
        (2023, ["D0801"], ("in-office-print",)),
        (2024, ["D0801", "D0396"], ()),
    ],
)
def test_a_scan_and_its_print_have_three_answers(
    year: int, codes: list[str], unsettled: tuple[str, ...]
) -> None:
    done = cdtref.recommend(["intraoral-scan", "in-office-print"], on=dt.date(year, 6, 1))
    assert [line.code for line in done.lines] == codes
    assert done.unsettled == unsettled


def test_dissent_is_reported_with_its_source_date_and_address() -> None:
    answer = cdtref.can_bill("D0470", "intraoral-scan", on="2026-03-02")
    assert answer.disputed
    (practicealpha,) = [p for p in answer.dissent if p.source == "practicealpha-d0470"]
    assert practicealpha.date == "June 2026"
    assert practicealpha.url == "https://practicealpha.io/blog/d0470-dental-code/"
    assert practicealpha.stance == "yes"


def test_2022_does_not_inherit_the_dissent_of_2026() -> None:
    """Only a page without a date, which files scans under D0350, speaks about 2022 as well."""
    answer = cdtref.can_bill("D0470", "intraoral-scan", on="2022-03-02")
    assert answer.verdict is Verdict.YES
    assert {position.source for position in answer.dissent} == {"orthosnap"}


def heard(position: str, on: dt.date | str) -> bool:
    """Whether it is told beside the answer to its question, on one side or the other."""
    asked = cdtref.question(cdtref.position(position).about)
    answers = [cdtref.can_bill(asked.code, service, on=on) for service in asked.services]
    told = {position in [one.id for one in (*a.backing, *a.dissent)] for a in answers}
    assert len(told) == 1, "every service of a question hears the same"
    return told.pop()


@pytest.mark.parametrize(
    ("position", "within", "without"),
    [
        ("d0470-digital-dentalcoding", "2022-12-31", "2023-01-01"),
        ("d0470-digital-aao", "2023-01-01", "2022-12-31"),
        ("d0470-digital-practicealpha", "2026-01-01", "2025-12-31"),
        ("d0470-digital-delta-dental", "2026-01-01", "2025-12-31"),
        ("d0470-print-aae", "2024-01-01", "2023-12-31"),
        ("d0470-print-dentalcoding", "2022-12-31", "2023-01-01"),
        ("d0393-viewing-delta-dental", "2026-01-01", "2025-12-31"),
        ("d0351-scan-va", "2022-12-31", "2014-12-31"),  # the code itself is of those years
    ],
)
def test_a_position_is_asked_for_by_date(position: str, within: str, without: str) -> None:
    assert heard(position, within)
    assert not heard(position, without)


def test_whoever_takes_a_side_is_heard_on_the_dates_they_speak_of_alone() -> None:
    first, last = cdtref.editions()[0].since, cdtref.editions()[-1].until
    one_day = dt.timedelta(days=1)
    for position in cdtref.positions():
        if position.stance not in ("yes", "no", "included"):
            continue
        code = cdtref.code(cdtref.question(position.about).code)
        begin, end = position.since or first, position.until or last
        for day in {*days(), begin, begin - one_day, end, end + one_day}:
            if first <= day <= last and covers(code, day):
                assert heard(position.id, day) == (begin <= day <= end), (position, day)


def test_the_code_that_is_the_answer_tells_who_would_report_another() -> None:
    answer = cdtref.can_bill("D0801", "intraoral-scan", on="2026-03-02")
    assert "practicealpha-d0470" in {position.source for position in answer.dissent}


def test_an_answer_tells_who_repeats_another_and_who_sells() -> None:
    """A position takes both from its source."""
    fusion = cdtref.can_bill("D0395", "surface-volume-fusion", on="2026-03-02")
    told = {position.source: (position.repeats, position.sells) for position in fusion.dissent}
    assert told == {"daydream-d0395": ("", True), "teero-d0395": ("daydream-d0395", True)}
    scan = cdtref.can_bill("D0801", "intraoral-scan", on="2026-03-02")
    sellers = {position.source for position in (*scan.backing, *scan.dissent) if position.sells}
    assert sellers == {"clear-dental-billing-d0470", "practicealpha-d0470", "orthosnap"}
    repeated = {position.repeats for position in scan.backing if position.repeats}
    assert repeated == {"aao-coming-soon-2023"}
    for position in cdtref.positions():
        source = cdtref.source(position.source)
        assert (position.repeats, position.sells) == (source.repeats, source.sells)


def test_dissent_is_ordered_by_authority() -> None:
    answer = cdtref.can_bill("D0801", "digital-impression", on="2026-03-02")
    ranks = [list(cdtref.Authority).index(position.authority) for position in answer.dissent]
    assert len(set(ranks)) > 1
    assert ranks == sorted(ranks)


def test_what_is_relayed_comes_after_what_was_read() -> None:
    ranked = coding._ranked(reversed(cdtref.positions()))
    assert {one.id for one in ranked} == {one.id for one in cdtref.positions()}
    places = [(list(cdtref.Authority).index(one.authority), one.relayed_by != "") for one in ranked]
    assert places == sorted(places)
    assert {place for place, relayed in places if relayed} & {
        p for p, relayed in places if not relayed
    }


def test_a_code_that_does_not_exist_yet_is_no_matter_of_opinion() -> None:
    answer = cdtref.can_bill("D0801", "digital-impression", on="2022-03-02")
    assert answer.verdict is Verdict.NO
    assert not answer.disputed


def test_an_answer_is_true_when_the_verdict_is_yes() -> None:
    assert cdtref.can_bill("D0801", "intraoral-scan", on="2026-03-02")
    assert not cdtref.can_bill("D0470", "intraoral-scan", on="2026-03-02")
    assert not cdtref.can_bill("D0802", "impression-scan", on="2026-03-02")
    assert not cdtref.can_bill("D0801", "digital-impression", on="2026-03-02")


def test_every_service_done_is_told() -> None:
    everything = [service.id for service in cdtref.services()]
    done = cdtref.recommend(everything, on="2026-03-02")
    reported = {service for line in done.lines for service in line.services}
    assert reported | set(done.included) | set(done.unsettled) == set(everything)
    assert [answer.service for answer in done.services] == everything


def test_lines_keep_the_order_of_what_was_done() -> None:
    did = ["in-office-print", "intraoral-scan"]
    done = cdtref.recommend(did, on="2026-03-02")
    assert [line.code for line in done.lines] == ["D0396", "D0801"]


def test_two_services_under_one_code_are_one_line() -> None:
    did = ["virtual-simulation", "volume-simulation"]
    done = cdtref.recommend(did, on="2026-03-02")
    (line,) = done.lines
    assert line.services == tuple(did)


def test_a_line_is_as_sure_as_the_least_sure_of_its_services_and_as_disputed() -> None:
    """In 2016 a poured cast was D0470 for certain, a scan of the mouth with doubts."""
    for did in (["stone-cast", "intraoral-scan"], ["intraoral-scan", "stone-cast"]):
        (line,) = cdtref.recommend(did, on="2016-03-02").lines
        (cast,) = cdtref.recommend(["stone-cast"], on="2016-03-02").lines
        assert (cast.confidence, cast.disputed) == ("high", False)
        assert (line.confidence, line.disputed) == ("low", True)


def test_a_repeated_service_counts_once_and_says_so() -> None:
    done = cdtref.recommend(["stone-cast", "Stone cast"], on="2026-03-02")
    assert done.did == ("stone-cast",)
    assert [line.code for line in done.lines] == ["D0470"]
    assert [caution.id for caution in done.cautions] == ["repeated-service"]


@pytest.mark.parametrize(
    ("did", "caution"),
    [
        (["stone-cast", "intraoral-scan"], "cast-and-scan-of-the-mouth"),
        (["stone-cast", "cast-scan"], "cast-and-scan-of-the-cast"),
        (["intraoral-scan", "cast-scan"], "direct-and-indirect-scan"),
        (["intraoral-scan", "cephalometric-image"], "orthodontic-records"),
        (["stone-cast", "cephalometric-image"], "orthodontic-records"),
    ],
)
def test_pitfalls_of_a_combination_are_told(did: list[str], caution: str) -> None:
    together = cdtref.recommend(did, on="2026-03-02")
    assert caution in [found.id for found in together.cautions]
    for alone in did:
        assert not cdtref.recommend([alone], on="2026-03-02").cautions


@time_machine.travel(dt.datetime(2022, 5, 5, 12, tzinfo=dt.UTC))
def test_left_out_the_date_is_today() -> None:
    assert cdtref.can_bill("D0470", "intraoral-scan").verdict is Verdict.YES
    assert cdtref.recommend(["intraoral-scan"]).on == dt.date(2022, 5, 5)
    assert "D0351" in [code.code for code in cdtref.codes()]


# --- What an answer carries -----------------------------------------------------------------------

DATES = ["2014-01-01", "2019-06-03", "2022-12-31", "2023-01-01", "2024-01-01", "2026-03-02"]
ONE_DATE = pytest.mark.parametrize("on", DATES)


@ONE_DATE
@pytest.mark.parametrize("service", [service.id for service in cdtref.services()])
def test_the_answer_on_a_service_is_its_rule_with_who_backs_and_disputes_it(
    service: str, on: str
) -> None:
    done = cdtref.recommend([service], on=on)
    (answer,) = done.services
    rule = cdtref.rule(answer.rule)
    assert rule.service == answer.service == service
    assert covers(rule, dt.date.fromisoformat(on))
    for field in ("outcome", "why", "part_of", "ask", "sources", "confidence"):
        assert getattr(answer, field) == getattr(rule, field), field
    assert answer.codes == (rule.codes if rule.outcome is Outcome.REPORTED else ())
    assert answer.address == cdtref.service(service).address
    asked = {question.code for question in cdtref.questions() if service in question.services}
    for_codes = [cdtref.can_bill(code, service, on=on) for code in answer.codes or asked]
    for side in ("dissent", "backing"):
        people = {position.id for one in for_codes for position in getattr(one, side)}
        told = [position.id for position in getattr(answer, side)]
        assert sorted(told) == sorted(people), side
    assert answer.disputed == bool(answer.dissent)
    assert answer.last_known is None
    # And the visit of this service alone.
    assert (done.edition, done.version) == (f"CDT {on[:4]}", cdtref.__version__)
    assert done.address == answer.address
    assert [line.code for line in done.lines] == list(answer.codes)
    for line in done.lines:
        assert line.services == (service,)
        assert (line.why, line.sources, line.confidence) == (
            answer.why,
            answer.sources,
            answer.confidence,
        )
        assert (line.dissent, line.backing) == (answer.dissent, answer.backing)
        assert line.disputed == bool(line.dissent)
        assert line.address == cdtref.code(line.code).address
    assert done.unsettled == ((service,) if rule.outcome is Outcome.UNSETTLED else ())
    elsewhere = rule.outcome in (Outcome.INCLUDED, Outcome.NO_CODE)
    assert done.included == ((service,) if elsewhere else ())


def test_an_answer_names_the_edition_of_its_date_whatever_was_asked_before() -> None:
    """Years in which nothing changed have one answer and yet each its own edition."""
    for edition in (*cdtref.editions(), *reversed(cdtref.editions())):
        for day in (edition.since, edition.until):
            answer = cdtref.can_bill("D0470", "stone-cast", on=day)
            assert (answer.edition, answer.on) == (edition.id, day)


@pytest.mark.parametrize(
    ("on", "title"),
    [("2023-01-01", 0), ("2024-12-31", 0), ("2025-06-02", 0), ("2026-01-01", 1)],
)
def test_a_line_has_the_title_of_its_date(on: str, title: int) -> None:
    """Where no title is established for the date, the one before."""
    (line,) = cdtref.recommend(["intraoral-scan"], on=on).lines
    assert line.title == cdtref.code("D0801").titles[title].text


def test_before_a_title_is_established_a_line_has_the_first_that_is() -> None:
    (line,) = cdtref.recommend(["growth-monitoring-visit"], on="2014-03-02").lines
    assert (line.code, line.title) == ("D8660", "Pre-orthodontic examination")


def test_a_line_of_two_services_tells_both_reasons_once() -> None:
    did = ["virtual-simulation", "volume-simulation"]
    done = cdtref.recommend(did, on="2026-03-02")
    (line,) = done.lines
    first, second = done.services
    assert line.why == (first.why if first.why == second.why else f"{first.why} {second.why}")
    assert set(line.sources) == {*first.sources, *second.sources}
    assert len(line.sources) == len(set(line.sources))
    people = {position.id for answer in done.services for position in answer.backing}
    assert sorted(position.id for position in line.backing) == sorted(people)
    assert done.address == "services/"


@ONE_DATE
def test_an_answer_rests_on_something_and_has_a_place_on_the_site(on: str) -> None:
    day = dt.date.fromisoformat(on)
    codes = ("D0470", "D0801", "D0396", "D0351", "D0330", "D9950")
    for code, service in itertools.product(codes, cdtref.services()):
        fact = cdtref.code(code)
        answer = cdtref.can_bill(code, service.id, on=on)
        rule = cdtref.rule(answer.rule)
        place = f"{fact.address}#{service.id}" if fact.subject else f"{service.address}#answer"
        assert answer.address == place
        assert (answer.version, answer.outcome) == (cdtref.__version__, rule.outcome)
        assert answer.part_of == rule.part_of
        assert answer.ask == (rule.ask if answer.verdict is Verdict.UNSETTLED else "")
        assert answer.disputed == bool(answer.dissent)
        exceptions = {exception.code: exception for exception in rule.exceptions}
        if not covers(fact, day):
            assert set(answer.sources) == {*fact.sources, *rule.sources}
            assert answer.confidence is fact.confidence
            assert answer.why.startswith(f"{code} ")
            assert answer.why.endswith(rule.why)
            assert (answer.dissent, answer.backing) == ((), ())
        elif code in exceptions:
            exception = exceptions[code]
            assert (answer.verdict, answer.why, answer.sources, answer.confidence) == (
                exception.verdict,
                exception.why,
                exception.sources,
                exception.confidence,
            )
        elif answer.verdict is Verdict.NO:
            assert set(answer.sources) == {*fact.sources, *rule.sources}
            assert answer.confidence is rule.confidence
            assert answer.why.startswith(f"{code} is for something else")
            assert answer.why.endswith(rule.why)
        else:
            assert (answer.why, answer.sources, answer.confidence) == (
                rule.why,
                rule.sources,
                rule.confidence,
            )
        ids = [position.id for position in (*answer.backing, *answer.dissent)]
        assert len(ids) == len(set(ids)), "nobody stands on both sides, or twice on one"


def test_a_code_for_something_else_says_what_it_is_for_in_the_same_sentence() -> None:
    scan = cdtref.can_bill("D0801", "stone-cast", on="2026-03-02")
    assert scan.why.startswith("D0801 is for something else: a surface scan of the teeth")


def test_after_the_knowledge_is_read_anew_the_answers_are_of_the_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As `make serve` does, whenever a file of the knowledge changes."""
    old = cdtref.can_bill("D0470", "stone-cast", on="2026-03-02")
    text = library._text().replace(f'"{old.version}"', '"2099.1.0"', 1)
    text = text.replace(old.why[:30], f"Read anew: {old.why[:30]}")
    monkeypatch.setattr(library, "_current", library.Library(text))
    new = cdtref.can_bill("D0470", "stone-cast", on="2026-03-02")
    assert (new.version, new.why) == ("2099.1.0", f"Read anew: {old.why}")
    monkeypatch.undo()
    assert cdtref.can_bill("D0470", "stone-cast", on="2026-03-02") == old


CHANGES = {
    ("D0470", "stone-cast"): ["2014-01-01 yes"],
    ("D0470", "in-office-print"): [
        "2014-01-01 unsettled",
        "2023-01-01 unsettled",  # by another rule
        "2024-01-01 no",
    ],
    ("D0351", "intraoral-scan"): ["2014-01-01 no", "2015-01-01 unsettled", "2023-01-01 no"],
    # Whether the code was in effect changes only how sure the answer is.
    ("D0351", "impression-only"): ["2014-01-01 no", "2015-01-01 no", "2023-01-01 no"],
}


def test_a_row_of_the_table_begins_on_the_day_of_a_change_and_ends_before_the_next() -> None:
    found: dict[tuple[str, str], list[cdtref.VerdictRow]] = {pair: [] for pair in CHANGES}
    for row in cdtref.verdicts():
        if (row.code, row.service) in CHANGES and row.since <= dt.date(2026, 1, 1):
            found[row.code, row.service].append(row)
    for pair, changes in CHANGES.items():
        assert [f"{row.since} {row.verdict}" for row in found[pair]] == changes
        for before, after in itertools.pairwise(found[pair]):
            assert before.until + dt.timedelta(days=1) == after.since


def test_whoever_says_yes_to_the_right_code_backs_the_no_to_a_wrong_one() -> None:
    """And whoever denies the right one does not, unless they name another answer of ours."""
    for service in cdtref.services():
        for code in cdtref.codes(on="2026-03-02"):
            answer = cdtref.can_bill(code.code, service.id, on="2026-03-02")
            if answer.verdict != "no":
                continue
            for position in answer.backing:
                asked = cdtref.question(position.about).code
                if asked in answer.instead:
                    assert position.stance == "yes" or {*position.codes} & {*answer.instead}
                else:
                    assert asked == code.code or {*position.codes} & {*answer.instead}
    wrong = cdtref.can_bill("D0393", "intraoral-scan", on="2022-03-02")
    assert wrong.instead == ("D0470",)
    assert "d0470-digital-dentalcoding" in [position.id for position in wrong.backing]


def test_a_date_outside_the_life_of_a_code_names_the_day() -> None:
    for code, on, told in (
        ("D0801", "2022-12-31", "D0801 begins with dates of service from January 1, 2023."),
        ("D0396", "2023-12-31", "D0396 begins with dates of service from January 1, 2024."),
        ("D0351", "2023-01-01", "D0351 ended with dates of service on December 31, 2022."),
    ):
        assert cdtref.can_bill(code, "intraoral-scan", on=on).why.startswith(told)


def test_each_side_is_listed_by_rank_and_what_was_read_before_what_is_relayed() -> None:
    for day in map(dt.date.fromisoformat, DATES):
        for code in cdtref.codes(on=day):
            for service in cdtref.services():
                answer = cdtref.can_bill(code.code, service.id, on=day)
                for side in (answer.backing, answer.dissent):
                    ranks = [(-p.authority.rank, bool(p.relayed_by)) for p in side]
                    assert ranks == sorted(ranks)
                    assert all(covers(position, day) for position in side)


def test_who_grants_two_codes_disputes_neither() -> None:
    """And who denies one code and points to the answer backs it; who names a third disputes it."""
    for code, service in (("D0801", "intraoral-scan"), ("D0396", "in-office-print")):
        answer = cdtref.can_bill(code, service, on="2026-03-02")
        questions = {q.id: q.code for q in cdtref.questions() if service in q.services}
        agreeing = {
            position.source
            for position in cdtref.positions()
            if questions.get(position.about) == code and position.stance == "yes"
        }
        for position in answer.dissent:
            asked = questions[position.about]
            if asked == code:
                assert position.stance != "yes"
            else:
                assert position.stance == "yes"
                assert position.source not in agreeing
        for position in answer.backing:
            if questions[position.about] != code:
                assert code in position.codes


@pytest.mark.parametrize(
    ("did", "repeated"),
    [(["stone-cast", "stone-cast"], True), (["stone-cast", "lab-print"], False)],
)
def test_a_caution_on_repeats_is_told_of_repeats_alone(did: list[str], repeated: bool) -> None:
    told = [caution.id for caution in cdtref.recommend(did, on="2026-03-02").cautions]
    assert ("repeated-service" in told) == repeated


# --- The whole table: every service, code and edition ---------------------------------------------


def days() -> list[dt.date]:
    """The first and the last day of every edition."""
    return [day for edition in cdtref.editions() for day in (edition.since, edition.until)]


def test_exactly_one_rule_answers_each_service_on_each_day() -> None:
    rules = cdtref.rules()
    for service in cdtref.services():
        for day in days():
            found = [r.id for r in rules if r.service == service.id and covers(r, day)]
            assert len(found) == 1, (service.id, day, found)


def test_every_answer_of_the_table_holds_together() -> None:
    codes = {code.code for day in days() for code in cdtref.codes(on=day)}
    for day in days():
        for service in cdtref.services():
            answers = {code: cdtref.can_bill(code, service.id, on=day) for code in codes}
            (rule,) = {answer.rule for answer in answers.values()}
            for code, answer in answers.items():
                if answer.verdict is Verdict.YES:
                    assert covers(cdtref.code(code), day)
                    assert not answer.instead
                if answer.verdict is Verdict.INCLUDED:
                    assert answer.part_of
                if not covers(cdtref.code(code), day):
                    assert answer.verdict is Verdict.NO
                for other in answer.instead:
                    assert answers[other].verdict is Verdict.YES
                assert answer.sources or answer.confidence in ("judgment", "unverified")
            verdicts = {answer.verdict for answer in answers.values()}
            outcome = cdtref.rule(rule).outcome
            assert (Verdict.YES in verdicts) == (outcome is Outcome.REPORTED)
            assert (Verdict.INCLUDED in verdicts) == (outcome is Outcome.INCLUDED)
            excepted = {exception.verdict for exception in cdtref.rule(rule).exceptions}
            if Verdict.UNSETTLED in verdicts - excepted:
                assert outcome is Outcome.UNSETTLED


def test_the_answer_follows_the_highest_authority() -> None:
    """On a contested question, somebody of the highest rank agrees with the answer."""
    for question in cdtref.questions():
        for service in question.services:
            for day in days():
                answer = cdtref.can_bill(question.code, service, on=day)
                speaking = [
                    position
                    for position in cdtref.positions(about=question.id)
                    if position.stance in ("yes", "no", "included")
                    and (position.since or day) <= day <= (position.until or day)
                ]
                if answer.verdict is Verdict.UNSETTLED or not speaking:
                    continue
                ranks = [
                    (list(cdtref.Authority).index(p.authority), bool(p.relayed_by))
                    for p in speaking
                ]
                highest = {p for p, rank in zip(speaking, ranks, strict=True) if rank == min(ranks)}
                assert highest - set(answer.dissent), (question.id, service, day)
