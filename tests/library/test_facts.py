"""Facts and answers as objects: complete, immutable, comparable, written as JSON."""

import copy
import datetime as dt
import json
import pickle
import re
from typing import Any

import pytest

import cdtref
from cdtref.model import covers
from cdtref.words import LABELS, MEANINGS, label, meaning


def test_editions_follow_one_another() -> None:
    editions = cdtref.editions()
    years = range(2014, 2014 + len(editions))
    assert [edition.id for edition in editions] == [f"CDT {year}" for year in years]
    for edition in editions:
        year = int(edition.id.removeprefix("CDT "))
        assert (edition.since, edition.until) == (dt.date(year, 1, 1), dt.date(year, 12, 31))


@pytest.mark.parametrize(
    ("code", "since", "until"),
    [
        ("D0470", None, None),
        ("D0801", "2023-01-01", None),
        ("D0802", "2023-01-01", None),
        ("D0803", "2023-01-01", None),
        ("D0804", "2023-01-01", None),
        ("D0393", "2014-01-01", None),
        ("D0394", "2014-01-01", None),
        ("D0395", "2014-01-01", None),
        ("D0396", "2024-01-01", None),
        ("D0351", "2015-01-01", "2022-12-31"),
        ("D0704", "2021-01-01", "2022-12-31"),
        ("D9996", "2018-01-01", None),
    ],
)
def test_codes_exist_when_the_sources_say(code: str, since: str | None, until: str | None) -> None:
    found = cdtref.code(code)
    assert found.since == (dt.date.fromisoformat(since) if since else None)
    assert found.until == (dt.date.fromisoformat(until) if until else None)
    for edition in cdtref.editions():
        listed = found in cdtref.codes(on=edition.since)
        assert listed == covers(found, edition.until)


def test_the_edition_in_which_a_title_changed_is_left_open() -> None:
    scan = cdtref.code("D0801")
    dental, intraoral = scan.titles
    assert (dental.since, dental.until) == (dt.date(2023, 1, 1), dt.date(2024, 12, 31))
    assert (intraoral.since, intraoral.until) == (dt.date(2026, 1, 1), None)
    assert any("CDT 2025 or CDT 2026" in point for point in scan.open)


def test_the_services_of_the_design_exist() -> None:
    ids = {service.id for service in cdtref.services()}
    assert ids >= {
        *("stone-cast", "impression-only", "intraoral-scan", "cast-scan", "impression-scan"),
        *("facial-scan", "facial-moulage-scan", "virtual-simulation", "volume-simulation"),
        *("scan-viewing", "in-office-print", "lab-print", "volume-fusion"),
        *("surface-volume-fusion", "mounted-analysis", "digital-impression", "aligner-scan"),
        *("working-model", "retake", "duplicate-models"),
    }


def everything() -> list[Any]:
    return [
        *cdtref.editions(),
        *cdtref.services(),
        *cdtref.rules(),
        *cdtref.sources(),
        *cdtref.questions(),
        *cdtref.positions(),
        *cdtref.timeline(about="d0470-digital"),
        *cdtref.statements(),
        *cdtref.scenarios(),
        *cdtref.glossary(),
        *cdtref.all_codes(),
        cdtref.can_bill("D0470", "intraoral-scan", on="2026-03-02"),
        cdtref.recommend(["intraoral-scan", "in-office-print"], on="2026-03-02"),
    ]


def test_what_is_asked_about_one_question_or_source_is_all_of_it_and_nothing_else() -> None:
    """Nobody is left out, and nobody is quoted on what they did not speak about."""
    for question in cdtref.questions():
        told = cdtref.positions(about=question.id)
        assert told
        assert {position.about for position in told} == {question.id}
        history = cdtref.timeline(about=question.id)
        assert {event.about for event in history} <= {question.id}
    asked = [p for question in cdtref.questions() for p in cdtref.positions(about=question.id)]
    assert sorted(p.id for p in asked) == sorted(p.id for p in cdtref.positions())
    assert len(cdtref.timeline(about="d0470-digital")) > 3
    guides = {statement.source for statement in cdtref.statements()}
    assert guides == {"delta-dental-fyi-2026", "practicealpha-d0470"}
    for guide in guides:
        said = cdtref.statements(source=guide)
        assert said
        assert {statement.source for statement in said} == {guide}


def shown() -> list[tuple[object, str]]:
    on, after = "2026-03-02", cdtref.editions()[-1].until + dt.timedelta(days=1)
    note = {item.id: item.example for item in cdtref.documentation("D0470")}
    claim = {"on": on, "did": ["intraoral-scan"], "billed": ["D0470"]}
    print_2023 = cdtref.recommend(["intraoral-scan", "in-office-print"], on="2023-06-01")
    part = cdtref.recommend(["aligner-scan"], on=on)
    return [
        (cdtref.edition("CDT 2026"), "<Edition CDT 2026: 2026-01-01 to 2026-12-31>"),
        *((e, f"<Edition {e.id}: {e.since} to {e.until}, announced>") for e in cdtref.announced()),
        (cdtref.code("D0801"), f"<Code D0801: {cdtref.code('D0801').titles[-1].text}>"),
        (cdtref.can_bill("D0801", "intraoral-scan", on=on), "D0801 for intraoral-scan on"),
        (cdtref.can_bill("D0470", "intraoral-scan", on=on), ": no, instead D0801, disputed>"),
        (cdtref.can_bill("D0801", "intraoral-scan", on=after, beyond="last"), "unsettled>"),
        (print_2023, "D0801; unsettled: in-office-print>"),
        (cdtref.recommend(["intraoral-scan", "in-office-print"], on=on), "D0801 D0396>"),
        (part, "no line>"),
        (part.services[0], "<ServiceAnswer aligner-scan: included"),
        (print_2023.lines[0], "<Line D0801 for intraoral-scan>"),
        (cdtref.check_claim(claim)[0], "<Finding error: wrong-code D0470, instead D0801>"),
        (cdtref.check_claim({"on": on, "billed": ["D0470"]})[0], "note: not-checked D0470>"),
        (cdtref.narrative("D0470", note), "<Narrative for D0470: "),
        (cdtref.letter("bundled", note), "<Letter on bundled: appeal>"),
        (cdtref.verdicts()[0], cdtref.verdicts()[0].code),
        (cdtref.charges()[0], cdtref.charges()[0].situation),
        (cdtref.remittance("97"), "<Remittance CARC 97>"),
        (cdtref.search("scan")[0], cdtref.search("scan")[0].id),
        *((item, item.id) for item in cdtref.documentation("D0470")),
        *((found[0], found[0].id) for found in FOUND),
    ]


FOUND: list[tuple[Any, ...]] = [
    *(cdtref.cautions(), cdtref.retention(), cdtref.situations(), cdtref.ingredients()),
    *(cdtref.coverage(), cdtref.denials(), cdtref.outside(), cdtref.rules(), cdtref.sources()),
    *(cdtref.questions(), cdtref.positions(), cdtref.statements(), cdtref.scenarios()),
    *(cdtref.services(), cdtref.timeline(about="d0470-digital")),
]


def test_at_a_prompt_each_says_in_a_line_what_it_is() -> None:
    """Whoever looks into a list sees which is which, and what an answer says."""
    for fact, told in shown():
        assert repr(fact).startswith(f"<{type(fact).__name__} "), fact
        assert repr(fact).endswith(">")
        assert told in repr(fact)


def test_facts_and_answers_are_immutable_comparable_and_hashable() -> None:
    for fact in everything():
        with pytest.raises(AttributeError):
            fact.why = "changed"
        with pytest.raises(AttributeError):
            setattr(fact, type(fact)._fields[0], "changed")
        assert pickle.loads(pickle.dumps(fact)) == fact == copy.deepcopy(fact)
        assert hash(fact) == hash(copy.deepcopy(fact))
        assert len(repr(fact)) < 200


def test_asking_twice_gives_equal_answers() -> None:
    first = cdtref.can_bill("D0470", "intraoral-scan", on="2026-03-02")
    assert cdtref.can_bill("d0470", "Intraoral scan", on=dt.date(2026, 3, 2)) == first
    assert cdtref.can_bill("D0470", "intraoral-scan", on="2026-03-03") != first


def test_json_holds_every_field() -> None:
    for fact in everything():
        told = json.loads(cdtref.to_json(fact))
        assert set(told) == {name.rstrip("_") for name in fact._fields}
    answer = json.loads(cdtref.to_json(cdtref.can_bill("D0470", "intraoral-scan", on="2026-03-02")))
    assert answer["verdict"] == "no"
    assert answer["on"] == "2026-03-02"
    assert answer["instead"] == ["D0801"]
    assert answer["dissent"][0]["source"] == "practicealpha-d0470"
    assert json.loads(cdtref.to_json(cdtref.scenario("scan-then-in-office-print")))["not"] == [
        "D0470"
    ]


def test_a_value_has_words_and_where_they_leave_something_unsaid_more_of_them() -> None:
    for kind, labels in LABELS.items():
        assert set(labels) == set(kind)
        for value in kind:
            assert label(value) == labels[value]
            more = MEANINGS.get(kind, {})
            assert meaning(value) == (more[value] if value in more else labels[value])
    assert meaning(cdtref.Confidence.LOW).startswith("Low: ")
    assert meaning(cdtref.Verdict.NO) == "No"


def test_json_is_read_by_people_too() -> None:
    """A name with an accent or a dash stands in it as it is written."""
    written = [
        fact for fact in everything() if not "".join(map(str, vars(fact).values())).isascii()
    ]
    assert written
    for fact in written:
        assert "\\u" not in cdtref.to_json(fact)


def test_json_of_a_list_is_an_array() -> None:
    assert len(json.loads(cdtref.to_json(cdtref.editions()))) == len(cdtref.editions())
    assert cdtref.to_json([]) == "[]"


@pytest.mark.parametrize(
    "value",
    [{"a": 1}, object(), {1, 2}, 1.5, b"x", 5, None, "x", cdtref.Answer, [1], dt.date(2026, 1, 1)],
)
def test_json_refuses_what_is_not_ours(value: Any) -> None:
    with pytest.raises(cdtref.InvalidInputError, match="expected an answer or a fact"):
        cdtref.to_json(value)


def test_answers_carry_the_version_of_the_knowledge() -> None:
    answer = cdtref.can_bill("D0470", "stone-cast", on="2026-03-02")
    assert answer.version == cdtref.__version__
    assert re.fullmatch(r"20\d\d\.([1-9]|1[012])\.\d+", answer.version)
