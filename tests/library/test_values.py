"""The shape of facts and answers: named, immutable, unlike where unlike, and readable back."""

import copy
import dataclasses
import datetime as dt
import itertools
import json
import pickle
from collections.abc import Callable
from typing import Any, get_type_hints

import pytest

import cdtref
from cdtref import Authority, Confidence, InvalidInputError, Severity
from cdtref.values import Ranked, Value

ON = "2026-03-02"
AFTER = cdtref.editions()[-1].until + dt.timedelta(days=1)
CLAIM = {"on": ON, "did": ["intraoral-scan", "lab-print"], "billed": ["D0470", "D0396"]}


def one_of_each() -> list[Any]:
    return [
        *(cdtref.editions()[0], *cdtref.announced(), cdtref.code("D0801"), cdtref.services()[0]),
        *(cdtref.rules()[0], cdtref.cautions()[0], cdtref.sources()[0], cdtref.questions()[0]),
        *(cdtref.positions()[0], cdtref.timeline(about="d0470-digital")[0]),
        *(cdtref.statements()[0], cdtref.scenarios()[0], cdtref.glossary()[0]),
        *(cdtref.documentation("D0470")[0], cdtref.retention()[0], cdtref.situations()[0]),
        *(cdtref.coverage()[0], cdtref.charges()[0], cdtref.denials()[0]),
        *(cdtref.remittances()[0], cdtref.ingredients()[0], cdtref.verdicts()[0]),
        cdtref.can_bill("D0470", "intraoral-scan", on=ON),
        cdtref.can_bill("D0470", "intraoral-scan", on=AFTER, beyond="last"),
        cdtref.recommend(["intraoral-scan", "in-office-print"], on=ON),
        cdtref.recommend(["intraoral-scan", "in-office-print"], on=AFTER, beyond="last"),
        cdtref.check_claim(CLAIM),
        cdtref.check_claim(CLAIM | {"on": AFTER}),
        cdtref.verdicts(),
    ]


EACH = pytest.mark.parametrize("value", one_of_each(), ids=lambda value: type(value).__name__)


@EACH
def test_what_to_json_writes_from_json_reads_back(value: Any) -> None:
    kind: Any = tuple[type(value[0]), ...] if isinstance(value, tuple) else type(value)  # type: ignore[misc]
    assert cdtref.from_json(cdtref.to_json(value), kind) == value


@EACH
def test_others_see_a_dataclass(value: Any) -> None:
    if isinstance(value, tuple):
        value = value[0]
    assert dataclasses.is_dataclass(type(value))
    names = [field.name for field in dataclasses.fields(value)]
    assert list(dataclasses.asdict(value)) == names
    assert dataclasses.replace(value) == value
    params: Any = vars(type(value))["__dataclass_params__"]
    assert params.frozen
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(value)


@EACH
def test_a_value_is_immutable_comparable_hashable_and_survives_pickling(value: Any) -> None:
    if isinstance(value, tuple):
        value = value[0]
    for name in (*type(value)._fields, "added"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, "changed")
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(value, name)
    again = pickle.loads(pickle.dumps(value))
    assert again == value == copy.copy(value) == copy.deepcopy(value)
    assert len({hash(again), hash(value), hash(copy.copy(value))}) == 1
    with pytest.raises(TypeError):
        iter(value)


def test_facts_of_unlike_kinds_are_unlike() -> None:
    not_for = cdtref.NotFor("x", "y")
    entry = cdtref.Entry("x", "y")
    assert [*vars(not_for).values()] == [*vars(entry).values()]
    assert not_for != entry
    assert not_for != ("x", "y")
    assert len({not_for, entry}) == 2


def test_a_value_is_made_of_its_fields_and_no_others() -> None:
    day = dt.date(2026, 3, 2)
    made = cdtref.Visit(("stone-cast",), on=day, bill=("D0470",))
    assert made == cdtref.Visit(did=("stone-cast",), on=day, bill=("D0470",))
    assert cdtref.NotFor("x").service == ""
    assert made.__replace__(bill=()).bill == ()
    match made:
        case cdtref.Visit(did, on=on):
            assert (did, on) == (("stone-cast",), day)
    wrongs: list[Callable[[], object]] = [
        lambda: cdtref.Visit(("stone-cast",)),  # type: ignore[call-arg]
        lambda: cdtref.NotFor("x", "y", "z"),  # type: ignore[call-arg]
        lambda: cdtref.NotFor("x", what="y"),  # type: ignore[misc]
        lambda: cdtref.NotFor(whatever="y"),  # type: ignore[call-arg]
        lambda: made.__replace__(code="D0470"),
    ]
    for wrong in wrongs:
        with pytest.raises(TypeError):
            wrong()


def test_a_new_kind_of_value_is_like_the_others_also_when_seen_as_a_dataclass() -> None:
    class Pair(Value):
        left: str
        version: str
        right: int = 5

    pair = Pair("x", version="2026.9.0")
    assert Pair._fields == ("left", "version", "right")
    with pytest.raises(dataclasses.FrozenInstanceError, match="'left'"):
        del pair.left
    seen = (repr(pair), hash(pair), pair.right)
    assert [field.name for field in dataclasses.fields(Pair)] == ["left", "version", "right"]
    assert [field.name for field in dataclasses.fields(pair)] == ["left", "version", "right"]
    assert (repr(pair), hash(pair), pair.right) == seen
    assert pair == Pair("x", "2026.9.0", 5) != Pair("y", "2026.9.0", 5)
    assert pair.version < "2026.11.0"
    match pair:
        case Pair(left, version, right):
            assert (left, version, right) == ("x", "2026.9.0", 5)
    assert dataclasses.replace(pair, left="y") == Pair("y", "2026.9.0")
    params: Any = vars(Pair)["__dataclass_params__"]
    assert params.frozen
    with pytest.raises(TypeError, match="Pair needs 'left'"):
        Pair()  # type: ignore[call-arg]


def test_json_keeps_letters_that_are_not_english() -> None:
    """So that a reader of the file sees them, and nothing has to decode them."""
    not_for = cdtref.NotFor("moulage d’étude")
    assert "moulage d’étude" in cdtref.to_json(not_for)
    assert cdtref.from_json(cdtref.to_json(not_for), cdtref.NotFor) == not_for


ANSWER = cdtref.to_json(cdtref.can_bill("D0470", "intraoral-scan", on=ON))
START = ANSWER.removesuffix("null}")
NESTED = f"{START * 400}null{'}' * 400}"


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("{", cdtref.Answer, "expected JSON text"),
        (None, cdtref.Answer, "expected JSON text"),
        ("[" * 100_000, cdtref.Answer, "expected JSON text"),
        ("[]", cdtref.Visit, r"from_json: expected an object, got \[\]"),
        ("{}", tuple[cdtref.Visit, ...], "from_json: expected an array, got {}"),
        (
            '{"did": [], "on": "2026-03-02"}',
            cdtref.Visit,
            "from_json: the field 'bill' of Visit is missing",
        ),
        (
            '{"did": [], "on": "2026-03-02", "bill": [], "unsettled": [], "x": 1}',
            cdtref.Visit,
            "from_json: Visit has no field 'x'",
        ),
        (
            '{"did": [1], "on": "2026-03-02", "bill": [], "unsettled": []}',
            cdtref.Visit,
            r"from_json.did\[0\]: expected a value of type str, got 1",
        ),
        (
            '{"did": [], "on": 5, "bill": [], "unsettled": []}',
            cdtref.Visit,
            "from_json.on: expected a date such as '2026-03-02', got 5",
        ),
        (
            '{"did": [], "on": "5", "bill": [], "unsettled": []}',
            cdtref.Visit,
            "from_json.on: .*, got '5'",
        ),
        (
            '{"did": [], "on": "today", "bill": [], "unsettled": []}',
            cdtref.Visit,
            "from_json.on: expected a date",
        ),
        (
            '{"did": [], "on": "2026-02-30", "bill": [], "unsettled": []}',
            cdtref.Visit,
            "from_json.on: expected a date of the calendar, got '2026-02-30'",
        ),
        # The first that is missing or unknown, however many are, on every run alike.
        ("{}", cdtref.Answer, "field 'code' of Answer is missing"),
        ('{"z": 1, "y": 1, "x": 1, "w": 1, "v": 1}', cdtref.Visit, "no field 'z'"),
        ("[]", tuple[cdtref.Visit], "expected a type such as"),
        ("[]", tuple[cdtref.Visit, cdtref.Code], "expected a type such as"),
        ("{}", cdtref.Visit | cdtref.Code, "expected a type such as"),
        (NESTED, cdtref.Answer, "nested too deeply"),
        (
            ANSWER.replace(cdtref.__version__, "abc"),
            cdtref.Answer,
            "from_json.version: expected a version.*, got 'abc'",
        ),
        (
            '"nay"',
            cdtref.Verdict,
            "from_json: expected one of yes, no, included, unsettled, got 'nay'",
        ),
        ("[]", "Answer", "from_json: expected a type such as cdtref.Answer.*, got 'Answer'"),
        ("[]", list, "expected a type of cdtref"),
    ],
)
def test_from_json_says_what_is_wrong_and_where(text: Any, kind: Any, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        cdtref.from_json(text, kind)


def test_confidence_authority_and_severity_compare_by_meaning() -> None:
    for kind in (Confidence, Authority, Severity):
        words = list(kind)
        assert sorted(words, reverse=True) == words
        for higher, lower in itertools.pairwise(words):
            assert higher > lower
            assert higher >= lower
            assert lower < higher
            assert lower <= higher
            assert kind(higher) >= higher
            assert kind(higher) <= higher
            assert not higher < lower
            assert higher > str(lower)
    assert Confidence.HIGH > "medium"
    assert min([Confidence.HIGH, Confidence.JUDGMENT]) is Confidence.JUDGMENT
    assert {Confidence.HIGH: 1}["high"] == 1  # type: ignore[index]  # equal to its text
    for other in ("certain", 5, None):
        with pytest.raises(TypeError, match="one of high, medium, low"):
            assert other < Confidence.HIGH  # type: ignore[operator]


def test_a_word_is_neither_above_nor_below_itself() -> None:
    class Grade(Ranked):
        FINE = "fine"
        FAIR = "fair"
        POOR = "poor"

    for kind in (Grade, Confidence, Authority, Severity):
        for word in kind:
            for same in (kind(str(word)), str(word)):
                assert not word < same
                assert not word > same
                assert word <= same
                assert word >= same
    assert sorted(["poor", "fine", "fair"], key=Grade) == ["poor", "fair", "fine"]
    assert Grade.FINE > "fair" > Grade.POOR
    version = cdtref.can_bill("D0470", "intraoral-scan", on=ON).version
    assert not version < str(version)
    assert not version > str(version)
    assert version <= str(version) <= version


def test_values_of_a_kind_are_told_apart_by_their_hash() -> None:
    """A set of a thousand rows is not one long list."""
    rows = cdtref.verdicts()
    assert len({hash(row) for row in rows}) > 0.99 * len(rows)
    assert hash(cdtref.NotFor("x", "y")) != hash(cdtref.Entry("x", "y"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: cdtref.NotFor("x", "y", "z"), "NotFor has 2 fields, got 3 values"),  # type: ignore[call-arg]
        (lambda: cdtref.Visit(("stone-cast",)), "Visit needs 'on'"),  # type: ignore[call-arg]
        (lambda: cdtref.NotFor("x", whatever=1), "NotFor takes no 'whatever'"),  # type: ignore[call-arg]
        (lambda: cdtref.NotFor("x").__replace__(code=1), "NotFor has no field 'code'"),
        (lambda: delattr(cdtref.NotFor("x"), "what"), "'what'"),
        (lambda: setattr(cdtref.NotFor("x"), "what", ""), "'what'"),
    ],
)
def test_a_mistake_with_a_value_names_the_kind_and_the_field(
    wrong: Callable[[], object], told: str
) -> None:
    with pytest.raises((TypeError, AttributeError), match=told):
        wrong()


def test_versions_compare_by_their_numbers() -> None:
    answer = cdtref.can_bill("D0470", "intraoral-scan", on=ON)
    older = answer.__replace__(version="2026.9.0")
    newer = answer.__replace__(version="2026.11.0")
    assert older.version < newer.version
    assert newer.version > older.version
    assert older.version <= "2026.10.3"
    assert newer.version >= "2026.11.0"
    assert max("2026.10.0", older.version) == "2026.10.0"
    for other in (5, 2026.12, None, "abc", "2026.11.1rc1", ("2026", "11")):
        with pytest.raises(TypeError):
            assert answer.version < other  # type: ignore[operator]
    assert type(dataclasses.asdict(answer)["version"]) is str
    assert dataclasses.asdict(answer)["version"] == cdtref.__version__
    assert type(vars(dataclasses.replace(answer))["version"]) is str
    assert isinstance(answer.version, str)
    assert isinstance(cdtref.__version__, str)
    assert cdtref.__version__ == answer.version
    assert cdtref.__version__ > "2026.9.0"


def test_the_nearest_is_looked_for_when_it_is_read() -> None:
    """Told by what is done, not by the clock: nothing is compared until somebody asks."""
    with pytest.raises(cdtref.UnknownServiceError) as caught:
        cdtref.service("iTreo")
    assert vars(caught.value)["_meant"] is None
    assert caught.value.nearest[0] == "intraoral-scan"
    assert vars(caught.value)["_meant"]
    with pytest.raises(cdtref.UnknownServiceError) as fresh:
        cdtref.service("iTreo")
    again = pickle.loads(pickle.dumps(fresh.value))
    assert again.nearest == caught.value.nearest
    assert str(again) == str(caught.value)


@pytest.mark.parametrize("words", ["scann of mouth", "3D scn", "Itreo", "Digital Impression"])
def test_an_error_about_typed_words_speaks_to_a_person(words: str) -> None:
    for ask in (lambda: cdtref.service(words), lambda: cdtref.recommend([words], on=ON)):
        with pytest.raises(cdtref.UnknownServiceError) as caught:
            ask()
        told = str(caught.value)
        assert words in told
        assert "Did you mean" in told
        for python in ("()", "cdtref.", "did[", "NoneType", "str)"):
            assert python not in told
    with pytest.raises(cdtref.InvalidDateError) as date:
        cdtref.can_bill("D0470", "stone-cast", on="3/2/2026")
    assert "datetime" not in str(date.value)


def test_the_hints_of_every_public_name_can_be_resolved() -> None:
    """As `pydantic.validate_call` and FastAPI do."""
    for name in cdtref.__all__:
        found = getattr(cdtref, name)
        get_type_hints(found)
        get_type_hints(found.__init__)


def test_an_id_in_other_letters_suggests_the_nearest() -> None:
    with pytest.raises(cdtref.UnknownIdError, match="not the id of an edition") as caught:
        cdtref.edition("cdt2026")
    assert "CDT 2026" in caught.value.nearest


def test_every_fact_is_found_by_its_id() -> None:
    kinds: list[tuple[Any, Any]] = [
        *((cdtref.edition, cdtref.editions()), (cdtref.edition, cdtref.announced())),
        *((cdtref.code, cdtref.all_codes()), (cdtref.service, cdtref.services())),
        *((cdtref.rule, cdtref.rules()), (cdtref.caution, cdtref.cautions())),
        *((cdtref.source, cdtref.sources()), (cdtref.question, cdtref.questions())),
        *((cdtref.position, cdtref.positions()), (cdtref.scenario, cdtref.scenarios())),
        *((cdtref.term, cdtref.glossary()), (cdtref.charge, cdtref.charges())),
        *((cdtref.denial, cdtref.denials()), (cdtref.remittance, cdtref.remittances())),
        (cdtref.item, {i for c in cdtref.all_codes() for i in cdtref.documentation(c.code)}),
    ]
    for look_up, facts in kinds:
        for fact in facts:
            assert look_up(fact.id) == fact


def test_the_rows_of_the_table_are_the_answers_of_can_bill() -> None:
    """Every code and service on the first and last day of every edition, and of every row."""
    rows: dict[tuple[str, str], list[cdtref.VerdictRow]] = {}
    for row in cdtref.verdicts():
        rows.setdefault((row.code, row.service), []).append(row)
    pairs = [(c.code, s.id) for c in cdtref.all_codes() for s in cdtref.services()]
    assert list(rows) == pairs
    first, last = cdtref.editions()[0].since, cdtref.editions()[-1].until
    days = {day for edition in cdtref.editions() for day in (edition.since, edition.until)}
    for pair, found in rows.items():
        assert (found[0].since, found[-1].until) == (first, last)
        for before, after in itertools.pairwise(found):
            assert after.since - before.until == dt.timedelta(days=1)
            assert after != before.__replace__(since=after.since, until=after.until)
        for day in days | {row.since for row in found} | {row.until for row in found}:
            (row,) = [row for row in found if row.since <= day <= row.until]
            answer = cdtref.can_bill(*pair, on=day)
            for field in type(row)._fields:
                if field not in ("since", "until"):
                    assert getattr(row, field) == getattr(answer, field), (pair, day, field)


# --- Who agrees -----------------------------------------------------------------------------------


def test_who_agrees_stands_beside_who_does_not() -> None:
    no = cdtref.can_bill("D0470", "intraoral-scan", on=ON)
    assert "delta-dental-fyi-2026" in [position.source for position in no.backing]
    assert "practicealpha-d0470" in [position.source for position in no.dissent]
    yes = cdtref.can_bill("D0801", "intraoral-scan", on=ON)
    assert "aao-cdt-2023-guide" in [position.source for position in yes.backing]
    assert "practicealpha-d0470" in [position.source for position in yes.dissent]
    # The companion denies D0470 and points to no other code.
    assert "ada-coding-companion-2026" in [position.source for position in no.backing]
    assert "ada-coding-companion-2026" not in [position.source for position in yes.backing]


def test_nobody_is_on_both_sides_and_each_side_is_ranked() -> None:
    for code in cdtref.all_codes():
        for service in cdtref.services():
            for edition in cdtref.editions():
                answer = cdtref.can_bill(code.code, service.id, on=edition.until)
                assert not {*answer.backing} & {*answer.dissent}
                for side in (answer.backing, answer.dissent):
                    ranks = [position.authority for position in side]
                    assert ranks == sorted(ranks, reverse=True)
                    assert len(side) == len({position.id for position in side})
                for position in (*answer.backing, *answer.dissent):
                    assert position.stance in ("yes", "no", "included")
                if answer.verdict is cdtref.Verdict.UNSETTLED:
                    assert not answer.backing
                for position in answer.backing:
                    question = cdtref.question(position.about)
                    if question.code == code.code:
                        assert (position.stance == "yes") == (answer.verdict == "yes")
                    else:
                        named = {question.code} if position.stance == "yes" else {*position.codes}
                        wanted = {code.code} if answer else {*answer.instead}
                        assert named & wanted


def test_a_recommendation_tells_who_backs_its_lines() -> None:
    (line,) = cdtref.recommend(["intraoral-scan"], on=ON).lines
    assert line.backing == cdtref.can_bill("D0801", "intraoral-scan", on=ON).backing
    assert line.address == "codes/D0801/"


# --- Findings, denials ----------------------------------------------------------------------------


def test_what_a_finding_names_can_be_looked_up() -> None:
    ids = {rule.id for rule in cdtref.rules()} | {caution.id for caution in cdtref.cautions()}
    for finding in cdtref.check_claim(CLAIM | {"note": {"purpose": "x"}}):
        assert finding.sources
        assert finding.address
        assert finding.rule == "" or finding.rule in ids
        for source in finding.sources:
            assert cdtref.source(source)
    (risk,) = [found for found in cdtref.check_claim(CLAIM) if found.kind == "bundling-risk"]
    assert cdtref.caution(risk.rule).text == risk.why


@pytest.mark.parametrize("given", ["CO-97", "co 97", "97", "PI-97", "bundled", " Bundled "])
def test_a_denial_is_found_by_its_code(given: str) -> None:
    assert cdtref.denial(given).id == "bundled"


def test_a_code_of_several_denials_names_them() -> None:
    several = [
        code
        for code in cdtref.remittances()
        if sum(code.id in (*d.carcs, *d.rarcs) for d in cdtref.denials()) > 1
    ]
    assert several
    for code in several:
        with pytest.raises(cdtref.UnknownIdError, match="points to several reasons") as caught:
            cdtref.denial(code.code)
        found = [d.id for d in cdtref.denials() if code.id in (*d.carcs, *d.rarcs)]
        assert list(caught.value.nearest) == found
