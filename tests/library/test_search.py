"""What somebody's own words lead to: the right thing first, or nothing."""

import dataclasses
import datetime as dt
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import cdtref
from cdtref import CdtrefError, Hit, InvalidDateError, InvalidInputError, UnknownCodeError

FIRST, LAST = cdtref.editions()[0].since, cdtref.editions()[-1].until
AFTER = LAST + dt.timedelta(days=40)

SEARCHES = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("searches.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
KINDS = {
    *(
        "service",
        "code",
        "answer",
        "visit",
        "checklist",
        "denial",
        "remittance",
        "question",
        "topic",
    ),
    *("charge", "coverage", "item", "edition", "term", "outside"),
}


def named(hits: tuple[Hit, ...]) -> list[str]:
    return [f"{hit.kind}:{hit.id}" for hit in hits]


def first(words: str) -> str:
    """The first hit, by kind and id; `nothing` where there is none."""
    return next(iter(named(cdtref.search(words))), "nothing")


# --- The right thing first ------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "wanted"), SEARCHES)
def test_what_an_office_asks_finds_its_answer_first(words: str, wanted: str) -> None:
    assert first(words) == wanted


def test_the_searches_are_about_everything() -> None:
    assert len({words for words, _ in SEARCHES}) == len(SEARCHES)
    kinds = {wanted.split(":")[0] for _, wanted in SEARCHES}
    assert kinds >= KINDS - {"question", "item"}


@pytest.mark.parametrize("service", cdtref.services(), ids=lambda service: service.id)
def test_every_service_is_found_first_by_its_name_and_its_id(service: cdtref.Service) -> None:
    for words in (service.short, service.phrase, service.short.upper()):
        assert first(words) == f"service:{service.id}"
    shared = {" ".join(name.lower().split()) for name in service.shared}
    hits = cdtref.search(service.id)
    if service.id.replace("-", " ") in shared:  # then its words are those of others as well
        assert f"service:{service.id}" in named(tuple(hit for hit in hits if hit.ambiguous))
    else:
        assert named(hits)[0] == f"service:{service.id}"


@pytest.mark.parametrize("code", [code.code for code in cdtref.all_codes()])
@pytest.mark.parametrize("spelling", ["{0}", "D{0}", "d{0}", " D {0} ", "d-{0}", "what is D{0}?"])
def test_every_code_is_found_first_by_its_number(code: str, spelling: str) -> None:
    assert first(spelling.format(code[1:])) == f"code:{code}"


REASONS = {
    remittance.id: [
        f"denial:{denial.id}"
        for denial in cdtref.denials()
        if remittance.id in (*denial.carcs, *denial.rarcs)
    ]
    for remittance in cdtref.remittances()
}
GROUPS = [one.code for one in cdtref.remittances() if one.kind == "group"]


@pytest.mark.parametrize(
    "remittance",
    [one for one in cdtref.remittances() if one.kind != "group"],
    ids=lambda remittance: str(remittance.id),
)
def test_a_code_of_a_payer_is_found_in_every_spelling(remittance: cdtref.Remittance) -> None:
    """Its reason comes first where there is no choice; else its page, which asks."""
    code, reasons = remittance.code, REASONS[remittance.id]
    itself = f"remittance:{remittance.id}"
    wanted = reasons[0] if 0 < len(reasons) <= 2 else itself
    spellings = [code, code.lower(), f"denial code {code}", f"reason code {code.lower()}"]
    if remittance.kind == "carc":
        spellings += [f"{group}{sign}{code}" for group in GROUPS for sign in "- "]
        if code.isdigit():
            spellings += [f"{group.lower()}{code}" for group in GROUPS]
    else:
        letter, number = code[0], code[1:]
        spellings += [f"{letter} {number}", f"{letter}-{number}", f"RARC {code}", f"remark {code}"]
    for words in spellings:
        hits = named(cdtref.search(words))
        assert hits[:1] == [wanted], words
        assert itself in hits, words
        assert set(reasons[: 6 - 1]) <= set(hits), words


def test_words_of_several_services_offer_each() -> None:
    hits = cdtref.search("digital impression")
    offered = [hit.id for hit in hits if hit.kind == "service"]
    assert sorted(offered) == ["aligner-scan", "digital-impression", "intraoral-scan"]
    assert all(hit.ambiguous for hit in hits if hit.kind == "service")
    assert not any(hit.ambiguous for hit in hits if hit.kind != "service")
    assert not any(hit.ambiguous for hit in cdtref.search("iTero"))
    pairs = [hit for hit in cdtref.search("D0801 digital impression") if hit.kind == "answer"]
    assert {hit.id for hit in pairs} == {f"D0801 {id}" for id in offered}
    assert all(hit.ambiguous for hit in pairs)
    for words, ambiguous in (
        *(("digital impression and pano", True), ("pano and digital impression", True)),
        *(("pano and ceph", False), ("D0330 and D0340", False)),
    ):
        (visit, *_) = cdtref.search(words)
        assert (visit.kind, visit.ambiguous) == ("visit", ambiguous), words


def test_services_without_an_and_are_a_visit_where_nothing_else_is_asked() -> None:
    assert first("pano ceph photos").startswith("visit:")
    assert first("pano ceph photos kangaroo") == "nothing"


def test_a_code_that_nothing_lists_is_told_as_outside() -> None:
    (hit,) = cdtref.search("D2740")
    assert (hit.kind, hit.id, hit.address, hit.answer) == ("outside", "D2740", "outside/", None)
    assert hit.title.startswith("D2740: ")
    assert first("D0471 iTero scan") == "outside:D0471"


def test_no_letter_of_a_code_is_forgiven() -> None:
    for code in ("D0471", "D0740", "D0081", "D0805", "D0397"):
        assert named(cdtref.search(code)) == [f"outside:{code}"]
    for remittance in ("CO-98", "N363", "N3622", "CO-977"):
        assert not {"denial:bundled", "denial:frequency"} & set(named(cdtref.search(remittance)))


# --- Nothing --------------------------------------------------------------------------------------

FOREIGN = """
pizza recipe | best hotels in Paris | weather tomorrow | how to train a puppy | stock price
bitcoin | capital of France | football scores | change engine oil | python list comprehension
javascript promise | kubernetes cluster | lorem ipsum dolor sit amet | airline tickets | lawn mower
guitar chords | tax return | mortgage rates | credit score | divorce lawyer | car insurance
resume template | movie times | wifi password | printer ink cartridge | scan a qr code
3D printer filament | barcode scanner | model train | fashion model | cast iron pan | movie cast
broken arm cast | fish scale | wax candle | vinyl record player | knee replacement | covid vaccine
physical therapy | eye exam | root canal | tooth extraction | wisdom teeth removal | prophy
fluoride varnish | sealants | gum graft | nitrous oxide | pulpotomy | scaling and root planing
dentist salary | toothbrush | mouthwash brand | asdfgh | qwertyuiop | xyzzy | zzzzzz
foo bar baz | blah blah blah | the | what is it | how do I | please help | thanks | 7 42
FMX | periapical | emergency visit | MA130 | M62 | N4 | snore guard afterwards weekend
"""


@pytest.mark.parametrize("words", [w.strip() for w in FOREIGN.replace("\n", "|").split("|") if w])
def test_words_about_something_else_find_nothing(words: str) -> None:
    assert cdtref.search(words) == ()


@pytest.mark.parametrize(
    "words",
    [
        *("x", "a", "b", "口腔扫描", "сканирование", "مسح", "σάρωση", "スキャン", "escáner bucal"),
        *("<script>alert(1)</script>", "<b>bold</b>", "&lt;i&gt;", "javascript:alert(1)"),
        *("${jndi:ldap}", "../../etc/passwd", "%00", "a\x00b", "a\u202eb", "x" * 500, "ab " * 166),
    ],
)
def test_letters_alphabets_and_markup_find_nothing_and_break_nothing(words: str) -> None:
    assert cdtref.search(words) == ()


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        *((wrong, "expected text such as") for wrong in (None, 470, b"scan", ["scan"], True)),
        *((empty, "got empty text") for empty in ("", "   ", "\n\t")),
        *((signs, "without a letter or digit") for signs in ("🦷🦷", "?!", "--", "\x00")),
        ("a" * 501, "at most 500 characters, got 501"),
        ("scan " * 2_000, "at most 500 characters, got 9,999"),
        (cdtref.service("stone-cast"), r"Pass its \.id"),
    ],
)
def test_what_is_no_question_is_refused(words: Any, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told) as caught:
        cdtref.search(words)
    assert len(str(caught.value)) < 250
    assert str(caught.value).startswith("words: ")


def test_five_hundred_letters_are_not_too_many() -> None:
    words = "panorex".ljust(250) + "film".rjust(250)
    assert len(words) == 500
    assert first(words) == "service:panoramic-image"
    assert first(f"  {words}  ") == "service:panoramic-image", "spaces around it do not count"


@pytest.mark.parametrize(
    ("words", "near"),
    [
        *(("D047", "D0470"), ("D04700", "D0470"), ("DO470", "D0470"), ("do47o", "D0470")),
        *(("D801", "D0801"), ("d 080", "D0801"), ("D08011 for an iTero", "D0801")),
        ("D99999", None),
    ],
)
def test_a_malformed_code_is_refused_with_those_near_it(words: str, near: str | None) -> None:
    with pytest.raises(UnknownCodeError, match="is not a procedure code") as caught:
        cdtref.search(words)
    assert caught.value.malformed
    assert caught.value.code in words.upper()
    if near is None:
        assert not caught.value.nearest
    else:
        assert near in caught.value.nearest
        assert "Did you mean" in str(caught.value)
    assert set(caught.value.nearest) <= {code.code for code in cdtref.all_codes()}


# --- Dates of service -----------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["D0470", "panorex", "D0801 iTero", "pano and ceph"])
def test_dates_that_exclude_one_another_are_refused(words: str) -> None:
    with pytest.raises(InvalidDateError, match="3/4/2019 and 1/2/2022 exclude") as caught:
        cdtref.search(f"{words} 3/4/2019 1/2/2022")
    assert "Ask for one date of service" in str(caught.value)
    with pytest.raises(InvalidDateError):
        cdtref.search(f"{words} 1/2/2022 in 2023")


def test_dates_that_agree_are_one() -> None:
    for dates in ("1/2/2022 1/2/2022", "January 2022 1/2/2022", "2022-01-02 Jan 2022"):
        assert cdtref.search(f"D0801 {dates}")[0].on == dt.date(2022, 1, 2)


@pytest.mark.parametrize(
    "later", ["billed", "sent", "claim filed", "submitted on", "denied", "paid"]
)
def test_a_date_of_the_claim_is_no_date_of_service(later: str) -> None:
    for words in (
        f"iTero scan 12/28/22 {later} 1/5/23",
        f"iTero scan {later} 1/5/23 done 12/28/22",
    ):
        assert {hit.on for hit in cdtref.search(words) if hit.on} == {dt.date(2022, 12, 28)}, words
    with pytest.raises(InvalidDateError):
        cdtref.search("iTero scan 12/28/22 repeated 1/5/23")


def test_a_date_of_the_claim_stands_where_there_is_no_other() -> None:
    for later in ("billed", "billed in", "submitted"):
        assert cdtref.search(f"D0801 {later} 1/5/23")[0].on == dt.date(2023, 1, 5)


def test_dates_of_what_has_none_are_no_matter() -> None:
    """A year says something else there, or nothing."""
    assert first("new codes 2023 or 2024") == "topic:what-began"
    assert cdtref.search("pizza 2021 and 2023") == ()
    assert first("CO-97 1/2/2009") == "denial:bundled"


@pytest.mark.parametrize("words", ["D0801", "panorex", "D0470 iTero", "pano and ceph"])
def test_a_date_before_the_first_edition_is_refused(words: str) -> None:
    before = FIRST - dt.timedelta(days=1)
    with pytest.raises(cdtref.UnknownEditionError, match="none is guessed") as caught:
        cdtref.search(f"{words} {before}")
    assert (caught.value.first, caught.value.last) == (FIRST, LAST)
    assert cdtref.search(f"{words} {FIRST}")[0].on == FIRST
    with pytest.raises(cdtref.UnknownEditionError):
        cdtref.search(f"{words} in {FIRST.year - 1}")


def test_after_the_last_edition_nothing_is_settled() -> None:
    (pair, *_) = cdtref.search(f"D0470 iTero {AFTER}")
    assert isinstance(pair.answer, cdtref.Answer)
    assert (pair.kind, pair.on) == ("answer", AFTER)
    assert pair.answer.verdict is cdtref.Verdict.UNSETTLED
    assert pair.answer.last_known == cdtref.can_bill("D0470", "intraoral-scan", on=LAST)
    (visit, *_) = cdtref.search(f"pano and ceph {AFTER}")
    assert isinstance(visit.answer, cdtref.Recommendation)
    assert visit.answer.lines == ()
    assert visit.answer.last_known
    (service, *_) = cdtref.search(f"panorex {AFTER}")
    assert isinstance(service.answer, cdtref.ServiceAnswer)
    assert service.answer.outcome is cdtref.Outcome.UNSETTLED
    (settled, *_) = cdtref.search(f"D0470 iTero {LAST}")
    assert isinstance(settled.answer, cdtref.Answer)
    assert settled.answer.last_known is None


def test_without_a_date_the_last_encoded_day_is_meant() -> None:
    for words in ("D0801", "panorex", "D0470 iTero", "pano and ceph"):
        hit = cdtref.search(words)[0]
        assert hit.on == LAST
        assert "on=" not in hit.address
    for words in ("CO-97", "write-off for a Medicaid patient", "clearinghouse"):
        assert all(hit.on is None for hit in cdtref.search(words) if hit.answer is None)


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("D0801 3/14/2022", "codes/D0801/?on=2022-03-14"),
        ("D0470 plaster models 3/14/2022", "codes/D0470/?on=2022-03-14#stone-cast"),
        ("D0330 pano 3/14/2022", "services/panoramic-image/?on=2022-03-14#answer"),
        ("D0330 3/14/2022", "codes/neighbors/?on=2022-03-14#code-d0330"),
        ("panorex 3/14/2022", "services/panoramic-image/?on=2022-03-14"),
        ("pano and ceph 3/14/2022", "?did=panoramic-image,cephalometric-image&on=2022-03-14"),
        ("pano and ceph", "?did=panoramic-image,cephalometric-image"),
        ("D0470 plaster models", "codes/D0470/#stone-cast"),
        ("CO-97 3/14/2022", "denials/bundled/"),
    ],
)
def test_an_address_carries_the_date_before_its_anchor(words: str, address: str) -> None:
    assert cdtref.search(words)[0].address == address


def test_of_a_year_or_a_month_the_first_day_is_meant() -> None:
    for words, day in (("in 2024", dt.date(2024, 1, 1)), ("March 2024", dt.date(2024, 3, 1))):
        assert cdtref.search(f"D0801 {words}")[0].on == day


def test_the_date_in_the_words_decides() -> None:
    (then, *_), (now, *_) = (
        cdtref.search(f"D0470 iTero {day}") for day in ("11/15/2022", "March 2 2026")
    )
    assert isinstance(then.answer, cdtref.Answer)
    assert isinstance(now.answer, cdtref.Answer)
    assert (then.answer.verdict, now.answer.verdict) == ("yes", "no")


# --- Hits -----------------------------------------------------------------------------------------


def asked_directly(hit: Hit) -> object:
    """The answer, from whoever gives it."""
    ids = hit.id.split()
    on = hit.on or LAST
    if hit.kind == "answer":
        return cdtref.can_bill(*ids, on=on, beyond="last")
    if hit.kind == "code":
        return cdtref.code(hit.id)
    if hit.kind == "visit":
        return cdtref.recommend(ids, on=on, beyond="last")
    if hit.kind == "service":
        (answer,) = cdtref.recommend(ids, on=on, beyond="last").services
        return answer
    return None


@pytest.mark.parametrize("words", [words for words, _ in SEARCHES])
def test_hits_are_values_with_the_answer_of_the_library(words: str) -> None:
    hits = cdtref.search(words)
    assert isinstance(hits, tuple)
    assert 0 < len(hits) <= 6
    assert len(set(hits)) == len(hits)
    assert len({(hit.kind, hit.id) for hit in hits}) == len(hits)
    assert hits == cdtref.search(words), "the same words find the same"
    for hit in hits:
        assert type(hit) is Hit
        assert hit.kind in KINDS
        assert hit.id
        assert hit.title
        assert hit.address
        assert not hit.address.startswith("/")
        assert hit.answer == asked_directly(hit)
        assert (hit.answer is None) == (hit.on is None)


def test_a_hit_cannot_be_changed() -> None:
    (hit,) = cdtref.search("D2740")
    with pytest.raises((AttributeError, dataclasses.FrozenInstanceError)):
        hit.title = "Another"  # type: ignore[misc]
    assert hit == cdtref.search("D2740")[0]
    assert hash(hit) == hash(cdtref.search("D2740")[0])
    assert repr(hit) == f"<Hit outside D2740: {hit.title}>"


def test_the_best_comes_first_and_the_rest_fits() -> None:
    """What was found under a name comes before what only shares a word with it."""
    assert named(cdtref.search("pano and ceph"))[0].startswith("visit:")
    hits = named(cdtref.search("D0470 plaster models"))
    assert hits.index("answer:D0470 stone-cast") == 0
    for words in ("scan", "D0801", "models", "D0470 scan"):
        assert len(cdtref.search(words)) <= 6


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_hit_of_each_kind_comes_back_from_json(kind: str) -> None:
    searches = [words for words, _ in SEARCHES] + ["purpose", "does D0350 cover a scan"]
    searches += [f"D0470 iTero {AFTER}", f"pano and ceph {AFTER}"]
    found = {hit for words in searches for hit in cdtref.search(words) if hit.kind == kind}
    assert found, f"no search finds anything of the kind {kind}"
    for hit in found:
        assert cdtref.from_json(cdtref.to_json(hit), Hit) == hit
    hits = tuple(found)
    again = cdtref.from_json(cdtref.to_json(hits), tuple[Hit, ...])
    assert again == hits
    assert [type(hit.answer) for hit in again] == [type(hit.answer) for hit in hits]


def test_an_answer_of_no_kind_is_refused() -> None:
    text = cdtref.to_json(cdtref.search("D0470 iTero")[0])
    with pytest.raises(InvalidInputError, match=r"from_json\.answer"):
        cdtref.from_json(text.replace('"verdict"', '"verdikt"'), Hit)
    wrong: Any
    for wrong in (5, "yes", []):
        with pytest.raises(InvalidInputError, match=r"from_json\.answer: expected an object, got"):
            cdtref.from_json(json.dumps(json.loads(text) | {"answer": wrong}), Hit)


@pytest.mark.parametrize("kind", [int | str | None, tuple[Hit, ...] | int | None])
@pytest.mark.parametrize("text", ["{}", "[1]", '"x"'])
def test_kinds_that_are_no_answers_raise_ours(kind: Any, text: str) -> None:
    with pytest.raises(InvalidInputError, match="from_json"):
        cdtref.from_json(text, kind)
    assert cdtref.from_json("null", kind) is None


def test_every_kind_is_told_in_the_reference() -> None:
    told = inspect.getsource(Hit)
    for kind in KINDS:
        assert f"`{kind}`" in told


# --- Whatever is typed ----------------------------------------------------------------------------

PIECES = st.sampled_from(
    [word for words, _ in SEARCHES for word in words.split()]
    + ["D047", "2/30/2026", "31/31/2020", "2013", "9999-12-31", "and", "with", "<b>", "'", "\x00"]
)


def gives_hits_or_raises_ours(words: str) -> None:
    try:
        hits = cdtref.search(words)
    except CdtrefError as error:
        told = str(error)
    else:
        told = repr(hits)
        assert isinstance(hits, tuple)
        assert all(type(hit) is Hit for hit in hits)
    assert told
    assert "\n" not in told


@given(st.text(max_size=600))
@example("²³½ ① ﬁ ǅ")
@example("D" * 600)
@example("\ud800")
@example("0000-00-00 99/99/9999 9999-12-31 Jan 0000")
def test_any_text_gives_hits_or_an_error_of_ours(words: str) -> None:
    gives_hits_or_raises_ours(words)


@given(st.lists(PIECES, max_size=60).map(" ".join))
def test_any_mix_of_words_gives_hits_or_an_error_of_ours(words: str) -> None:
    gives_hits_or_raises_ours(words[:600])
