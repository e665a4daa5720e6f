"""The index of meanings and what a query says: what would break without anybody noticing."""

import gc
import weakref
from collections.abc import Sequence
from typing import Any

import pytest

import cdtref
from cdtref import inputs, searching, wording
from cdtref.fitting import MOST, NEAR_BEST, Query, fitting
from cdtref.library import Library, _text, current
from cdtref.meanings import (
    APART,
    CODE_WEIGHT,
    DENIES,
    LATER,
    REMITTANCE_WEIGHT,
    UNKNOWN,
    UNKNOWN_HERE,
    YEAR_WEIGHT,
    Index,
    _listed,
    index,
    rarity,
)
from cdtref.model import Service
from cdtref.paperwork import Item, RemittanceKind
from cdtref.querying import (
    BARE_YEAR,
    CODES,
    GUESSED,
    KIND_OF,
    MISSPELT,
    WORDS,
    Token,
    codes,
    joined,
    small_words,
    tokens,
)
from cdtref.vocabulary import Synonym, Topic
from cdtref.wording import parted, plain


def known() -> Index:
    return index(current())


def stood(words: str) -> list[str]:
    """What each telling word of a query stands for first."""
    return [token.stands[0][0] for token in tokens(known(), plain(words))]


def token(words: str) -> Token:
    (only,) = tokens(known(), plain(words))
    return only


# --- The index ------------------------------------------------------------------------------------


def test_the_index_is_made_once_and_goes_with_its_library() -> None:
    other = Library(_text())
    gone = weakref.ref(other)
    inputs.service("iTero", other)
    assert index(other) is index(other)
    del other
    inputs.service("iTero", current())
    assert index(current()).library is current()
    gc.collect()
    assert gone() is None, "an old library is kept"


def test_everything_that_has_a_name_is_in_the_index() -> None:
    listed = {(thing.kind, thing.id) for thing in known().things}
    assert len(listed) == len(known().things)
    facts: Any
    for kind, facts in {
        "service": cdtref.services(),
        "denial": cdtref.denials(),
        "remittance": cdtref.remittances(),
        "question": cdtref.questions(),
        "topic": tuple(current().facts(Topic).values()),
        "charge": cdtref.charges(),
        "coverage": cdtref.coverage(),
        "edition": (*cdtref.editions(), *cdtref.announced()),
        "outside": cdtref.outside(),
        "term": tuple(term for term in cdtref.glossary() if not term.service),
    }.items():
        assert {id for one, id in listed if one == kind} == {fact.id for fact in facts}, kind
    assert {id for kind, id in listed if kind == "code"} == {c.code for c in cdtref.all_codes()}


def test_a_thing_leads_where_its_fact_does() -> None:
    addresses = {(thing.kind, thing.id): thing.address for thing in known().things}
    assert all(addresses.values())
    for service in cdtref.services():
        assert addresses["service", service.id] == service.address
    for topic in current().facts(Topic).values():
        place = f"#{topic.anchor}" if topic.anchor else ""
        assert addresses["topic", topic.id] == f"{topic.page}/{place}".replace("/index/", "/")


def test_a_thing_has_the_title_that_its_page_has() -> None:
    titles = {(thing.kind, thing.id): thing.title for thing in known().things}
    for code in cdtref.all_codes():
        assert titles["code", code.code] == f"{code.code} {code.title}"
    for remittance in cdtref.remittances():
        kind = {"carc": "CARC", "rarc": "RARC", "group": "Group"}[remittance.kind]
        assert titles["remittance", remittance.id] == f"{kind} {remittance.code}"
    for entry in cdtref.coverage():
        said = titles["coverage", entry.id]
        assert said == (f"{entry.payer}: {entry.label}" if entry.payer else entry.label)
    assert titles["edition", "CDT 2026"] == "CDT 2026"


def test_every_code_that_is_reported_today_has_its_checklist() -> None:
    """A neighbor has one where an item of the record is about it alone."""
    last = cdtref.editions()[-1].until
    own = {code for item in current().facts(Item).values() for code in item.codes}
    wanted = {
        code.code: f"checklists/{code.code}/"
        for code in cdtref.codes(on=last)
        if code.subject or code.code in own
    }
    found = {thing.id: thing.address for thing in known().things if thing.kind == "checklist"}
    assert found == wanted
    for code in wanted:
        hits = [(hit.kind, hit.id) for hit in cdtref.search(f"{code} note")]
        assert ("checklist", code) in hits


def test_a_thing_is_found_by_each_name_of_its_own() -> None:
    """A payer by its name, a service by the words of its term, a term by one word for it."""
    named: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for number, words in enumerate(known().names):
        thing = known().things[known().thing_of[number]]
        named.setdefault((thing.kind, thing.id), set()).add(words)
    stems = known().vocabulary.stems
    for entry in cdtref.coverage():
        assert not entry.payer or stems(entry.payer) in named["coverage", entry.id]
    for service in cdtref.services():
        terms = [term for term in cdtref.glossary() if term.service == service.id]
        names = [*service.also, service.short, *service.shared]
        names += [name for term in terms for name in (term.term, *term.also)]
        for name in names:
            assert stems(name) == () or stems(name) in named["service", service.id], name
    for code in (id for kind, id in named if kind == "checklist"):
        for asked in ("note", "checklist", "required documentation"):
            assert stems(f"{code} {asked}") in named["checklist", code], asked
    for term in cdtref.glossary():
        if not term.service:
            for name in term.also:
                several = " " in name and stems(name) != stems(term.term)
                assert not (several and stems(name) in named.get(("term", term.id), set())), name


@pytest.mark.parametrize(
    ("kind", "id", "name", "kept"),
    [
        ("checklist", "D0802", "D0802 note", True),
        ("checklist", "D0802", "D0802 record note", False),
        ("charge", "in-network-disallowed", "charge patient disallow", False),
        ("code", "D0802", "D0802 definition", True),
    ],
)
def test_a_name_that_adds_but_a_common_word_to_another_is_none(
    kind: str, id: str, name: str, kept: bool
) -> None:
    """Else the words of such a thing would be commoner than they are."""
    of_it = {
        frozenset(words)
        for number, words in enumerate(known().names)
        if (thing := known().things[known().thing_of[number]])
        and (thing.kind, thing.id) == (kind, id)
    }
    assert (frozenset(known().vocabulary.stems(name)) in of_it) == kept


def test_names_and_the_things_they_are_of_are_told_alike() -> None:
    assert len(known().names) == len(known().thing_of) == len(known().name_weight)
    assert set(known().thing_of) == set(range(len(known().things))), "nothing is without a name"
    for number, name in enumerate(known().names):
        assert name, known().things[known().thing_of[number]]
        assert len(set(name)) == len(name)
        assert known().name_weight[number] > 0
        for place, word in enumerate(name):
            assert (number, 1 << place) in known().names_with[word]
    for stem, found in known().services_with.items():
        kinds = {known().things[known().thing_of[name]].kind for name, _ in found}
        assert kinds <= {"service"}, stem


def test_only_shared_words_of_a_service_ask_back() -> None:
    services = current().facts(Service)
    for number in known().asks:
        service = services[known().things[known().thing_of[number]].id]
        assert known().names[number] in {known().vocabulary.stems(name) for name in service.shared}
    for words in ("scan", "digital impression", "print", "setup", "denture scan", "fusion"):
        assert frozenset(known().vocabulary.stems(words)) in known().shared, words
    for words in ("iTero", "panorex", "study model", "scan for crown"):
        assert frozenset(known().vocabulary.stems(words)) not in known().shared, words


def test_a_rare_word_weighs_more() -> None:
    weights = [rarity(things) for things in range(1, 200)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > weights[5] > weights[50]
    assert weights[-1] == 80
    assert known().weight("D0470") == CODE_WEIGHT
    assert known().weight("97") == known().weight("n362") == REMITTANCE_WEIGHT
    assert known().weight("qqqq") == UNKNOWN
    assert known().weight("moulag") > known().weight("scan")


def test_a_code_of_a_payer_leads_to_its_reasons() -> None:
    for at, reasons in known().reasons.items():
        assert known().things[at].kind == "remittance"
        assert reasons
        for reason in reasons:
            denial = cdtref.denial(known().things[reason].id)
            assert known().things[at].id in (*denial.carcs, *denial.rarcs)
    led = sum(len(reasons) for reasons in known().reasons.values())
    assert led == sum(len(denial.carcs) + len(denial.rarcs) for denial in cdtref.denials())


def test_a_code_stands_for_the_first_service_that_reports_it_today() -> None:
    last = cdtref.editions()[-1].until
    reported: dict[str, str] = {}
    for service in cdtref.services():
        for line in cdtref.recommend([service.id], on=last).lines:
            reported.setdefault(line.code, service.id)
    found = {code: known().things[at].id for code, at in known().service_of.items()}
    assert found == reported


def test_names_are_sorted_by_what_is_asked_of_them() -> None:
    kinds = {known().things[known().thing_of[name]].kind for name in known().of_questions}
    assert {"denial", "topic", "charge"} <= kinds
    assert not kinds & set(APART)
    assert known().asks, "some names are of several services"
    for name in range(len(known().names)):
        says_not = not {*DENIES, LATER}.isdisjoint(known().names[name])
        assert (name in known().denying) == (says_not and name in known().of_services)


def test_spellings_are_sorted_and_hold_no_procedure_code() -> None:
    assert known().spellings == sorted(known().spellings)
    assert not {code.code for code in cdtref.all_codes()} & set(known().spellings)


def test_group_codes_are_no_codes_of_a_reason() -> None:
    groups = {r.code.lower() for r in cdtref.remittances() if r.kind is RemittanceKind.GROUP}
    assert groups == known().vocabulary.groups == {"co", "pr", "oa", "pi"}
    assert not known().vocabulary.groups & known().vocabulary.remittances
    assert {"97", "b15", "n362", "m15"} <= known().vocabulary.remittances


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("co97", ["co", "97"]),
        ("CO-97", ["co", "97"]),
        ("pi 16", ["pi", "16"]),
        ("n 362", ["n362"]),
        ("wax up", ["waxup"]),
        ("night guard", ["nightguard"]),
        ("cone beam", ["conebeam"]),
        ("prior to", ["priorto"]),
        ("co 9 7", ["co", "9", "7"]),
        ("co pay", ["co", "pay"]),
    ],
)
def test_words_are_parted_and_joined(text: str, told: list[str]) -> None:
    assert known().vocabulary.words(plain(text)) == told


def test_a_word_that_is_two_in_one_is_cut_between_words_that_are_written() -> None:
    names = [name for _, own, shared in _listed(current()) for name in (*own, *shared)]
    written = {word for name in names for word in wording.words(parted(plain(name)))}
    written |= {word for one in current().facts(Synonym).values() for word in one.same}
    written |= known().vocabulary.fillers
    joined = known().vocabulary.joined
    for word in written:
        cuts = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        halves = [cut for cut in cuts if written.issuperset(cut)]
        if word in joined:
            assert joined[word] in halves, word
        elif word not in known().vocabulary.fillers:
            assert not halves, word
    for word, halves_of_one in (("workup", ("work", "up")), ("copay", ("co", "pay"))):
        assert joined[word] == halves_of_one


def test_the_small_words_that_one_may_be_are_about_as_long() -> None:
    for length in range(1, 12):
        near = [word for word in known().vocabulary.fillers if abs(len(word) - length) <= 1]
        found = known().vocabulary.small_by_length(length)
        assert found == sorted(word for word in near if len(word) > 2)


def test_words_that_mean_the_same_have_one_stem() -> None:
    for synonym in current().facts(Synonym).values():
        head = known().vocabulary.stem(synonym.id)
        for word in synonym.same:
            assert known().vocabulary.stem(word) == head, word
        for kind in synonym.kinds:
            own = known().vocabulary.stem(kind)
            assert own == head or head in known().vocabulary.kinds[own], kind


def test_a_name_is_told_by_its_codes_and_its_telling_words() -> None:
    assert known().vocabulary.stems("Can I bill D0801 with the D0470?") == ("D0470", "D0801")
    assert known().vocabulary.stems("What is it for?") == ()
    assert len(known().vocabulary.stems("scan of a scanned scan")) == 1


# --- Codes of a query -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left", "found"),
    [
        ("D0470", "", ["D0470"]),
        ("d 0470, d-0801; 0393", ", ;", ["D0470", "D0801", "D0393"]),
        ("8660 pano", "pano", ["D8660"]),
        ("0120", "", ["D0120"]),
        ("8888 or 1110", "8888 or 1110", []),
        ("D2740 D2740 d2740", "", ["D2740"]),
        ("xD0470 D0470x 10470", "xd0470 d0470x 10470", []),
        ("d12 d12345678", "d12 d12345678", []),
    ],
)
def test_codes_are_taken_out_of_the_words(text: str, left: str, found: list[str]) -> None:
    rest, coded = codes(known(), plain(text))
    assert " ".join(rest.split()) == left
    assert [one.code for one in coded] == found
    assert all(one.whole for one in coded)


def test_a_code_is_told_as_it_was_written() -> None:
    _, coded = codes(known(), plain("0470, d-0801 and d 0393"))
    assert [one.written for one in coded] == ["D-0801", "D 0393", "0470"]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("D047", "D0470"),
        ("DO470", "D0470"),
        ("d04700", "D0470"),
        ("d0o470", "D0470"),
        ("D396", "D0396"),
        ("D9999999", ""),
        ("D080", "D0803"),
    ],
)
def test_what_was_meant_for_a_code_is_none(text: str, nearest: str) -> None:
    _, (coded,) = codes(known(), plain(text))
    assert not coded.whole
    assert coded.written == coded.code == text.upper()
    assert (nearest in coded.nearest) if nearest else not coded.nearest
    assert len(coded.nearest) <= 3


def test_a_code_by_which_something_outside_is_called_stays_a_word() -> None:
    rest, coded = codes(known(), "d9944 guard")
    assert rest.split() == ["d9944", "guard"]
    assert coded == []
    assert [hit.kind for hit in cdtref.search("D9944")] == ["outside"]


def test_only_so_many_codes_and_words_are_looked_at() -> None:
    _, found = codes(known(), " ".join(f"d{1000 + number}" for number in range(30)))
    assert len(found) == CODES
    assert len(tokens(known(), " ".join(known().spellings[:400]))) == WORDS


# --- Words of a query -----------------------------------------------------------------------------


def test_a_word_stands_for_itself_and_for_what_it_is_a_kind_of() -> None:
    itero = dict(token("iTero").stands)
    assert itero[known().vocabulary.stem("itero")] == 100
    assert itero["scan"] == KIND_OF
    # The other way round it does not: a scanner need not be an iTero.
    assert known().vocabulary.stem("itero") not in dict(token("scan").stands)


def test_a_beginning_is_guessed_at_the_end_only() -> None:
    assert token("panora").stands[0][1] == GUESSED
    assert token("panora").stands[0][0].startswith("panor")
    assert tokens(known(), "panora surgical")[0].strange
    assert token("pq").strange
    assert all(one.strange for one in tokens(known(), "sc"))


@pytest.mark.parametrize(
    ("begun", "word"), [("mod", "models"), ("rec", "record"), ("pri", "print"), ("tra", "tray")]
)
def test_of_words_that_begin_so_the_one_of_most_things_is_guessed(begun: str, word: str) -> None:
    """Nothing tells them apart, and the first of the alphabet is hardly meant."""
    assert token(begun).stands == ((known().vocabulary.stem(word), GUESSED),)


@pytest.mark.parametrize(("brand", "kind"), [("dentical", "medicaid"), ("teenager", "child")])
def test_a_word_that_names_nothing_weighs_what_it_is_a_kind_of(brand: str, kind: str) -> None:
    one = tokens(known(), plain(brand))[-1]
    assert known().vocabulary.stem(kind) in dict(one.stands)
    assert one.weight == known().weight(known().vocabulary.stem(kind))


def test_a_word_said_twice_ends_nothing() -> None:
    assert stood("scan scan pano") == stood("scan pano")
    assert stood("pano, scan scan scan ceph") == stood("pano, scan ceph")


def test_a_misspelt_word_stands_for_the_one_that_was_meant() -> None:
    assert token("moulgae").stands == ((known().vocabulary.stem("moulage"), MISSPELT),)
    assert token("qoulage").strange, "the first letter is never wrong"
    assert tokens(known(), "pleese") == tokens(known(), "shuold") == [], "it tells nothing either"
    for code in ("n363 denied", "n3622 denied", "n36 2n denied", "m155 denied"):
        assert tokens(known(), code)[0].strange, "no letter of a code is forgiven"


def test_a_word_whose_first_letter_is_wrong_is_guessed_where_the_query_is_about_dentistry() -> None:
    for words, guessed in (("yimelapse", False), ("models pano yimelapse", False)):
        assert tokens(known(), words)[-1].strange != guessed, words
        meant = tokens(known(), words, dated=True)[-1]
        assert meant.stands[0] == (known().vocabulary.stem("timelapse"), MISSPELT), words


def test_numbers_count_where_a_payer_may_have_sent_them() -> None:
    assert stood("97") == ["97"]
    for before in ("CARC", "code", "remark", "denial code", "EOB", "group CO"):
        assert stood(f"{before} 97")[-1] == "97"
    assert stood("co 97") == ["co", "97"]
    assert stood("97 CARC")[0] == "97"
    assert "97" not in stood("97 scan CARC"), "what follows it says nothing of a number"
    assert stood("scan of 14 and 3") == [known().vocabulary.stem("scan")]
    strange = tokens(known(), "scan 12345")[-1]
    assert strange.strange
    payers = tokens(known(), "co 888")[-1]
    assert payers.stands == (("888?", 0),)
    assert not payers.strange, "a payer's code that we do not hold is not another subject"


def test_an_and_parts_a_query_and_a_with_does_so_loosely() -> None:
    by_and = tokens(known(), plain("pano and ceph, photos"))
    assert [one.part for one in by_and] == [0, 1, 2]
    assert [one.loose for one in by_and] == [True, False, False]
    by_with = tokens(known(), plain("pano with ceph"))
    assert [(one.part, one.loose) for one in by_with] == [(0, True), (1, True)]
    purposes = tokens(known(), plain("scan for crown and pano"))
    assert [one.purpose for one in purposes] == [False, True, False]
    twice = tokens(known(), plain("scan and scan scan"))
    assert [(one.part, one.again) for one in twice] == [(0, False), (1, True)]


def test_a_year_tells_something_where_something_is_new() -> None:
    assert stood("pano 2023") == [*stood("pano"), "2023"]
    assert stood("pano 1999") == stood("pano")


@pytest.mark.parametrize(
    ("words", "edition"),
    [("cdt 2023", True), ("2023 cdt", True), ("cdt pano 2023", False), ("2023 pano cdt", False)],
)
def test_a_year_beside_the_name_of_the_code_set_is_an_edition(words: str, edition: bool) -> None:
    """Elsewhere it is the date of service of the rest, and weighs little."""
    (year,) = [one for one in tokens(known(), words) if one.stands[0][0] == "2023"]
    assert (year.weight != BARE_YEAR) == edition
    assert known().weight("2023") == YEAR_WEIGHT


def denied(words: str) -> list[str]:
    """The telling words of what was not done."""
    found = [one for one in tokens(known(), plain(words)) if one.denied]
    return [one.stands[0][0] for one in found if one.stands[0][0] not in DENIES]


def test_a_not_denies_the_two_words_after_it_in_its_part() -> None:
    pano, ceph, photo = (known().vocabulary.stem(word) for word in ("pano", "ceph", "photos"))
    assert denied("pano and ceph") == []
    assert denied("pano not ceph") == [ceph]
    assert denied("pano instead of ceph") == [ceph]
    assert denied("not pano ceph photos") == [pano, ceph]
    assert denied("not ceph and pano") == [ceph]
    assert denied("pano ceph not") == []
    assert denied("not pano and not ceph, photos") == [pano, ceph]
    assert photo not in denied("not pano and photos")
    assert denied("not covered pano") == [], "that says what is asked"


def test_an_and_or_a_with_joins() -> None:
    for words in ("pano and ceph", "pano plus ceph", "pano, ceph", "pano with ceph"):
        assert joined(known(), plain(words)), words
    for words in ("pano ceph", "pano", ""):
        assert not joined(known(), plain(words)), words


def test_small_words_count_where_they_are_a_name_and_nothing_else_is_told() -> None:
    (name,) = small_words(known(), "what is cdt")
    assert name.stands == (("cdt", 100),)
    assert name.weight == rarity(1)
    assert (name.part, name.loose, name.again, name.denied, name.strange) == (0, *OPEN)
    assert not name.purpose
    assert small_words(known(), "what is the") == []


OPEN = (True, False, False, False)
"""What a word is that stands alone: loose, not again, not denied, not strange."""


def test_beside_a_code_or_a_dental_word_a_strange_word_tells_less() -> None:
    def weight(words: str, *, coded: Sequence[str] = ()) -> int:
        (strange,) = [one for one in tokens(known(), words, coded=coded) if one.strange]
        return strange.weight

    assert weight("qqqq scan") == UNKNOWN
    assert weight("qqqq crown") == weight("qqqq scan crown") == UNKNOWN_HERE
    assert weight("qqqq scan", coded=["D0470"]) == UNKNOWN_HERE


def test_numbers_of_three_digits_are_no_code_of_ours_and_longer_ones_are_strange() -> None:
    assert stood("scan 123") == stood("scan 12") == stood("scan")
    assert stood("scan 1234") == [*stood("scan"), "1234"]


def test_a_code_is_forgiven_nothing_and_each_is_told() -> None:
    _, found = codes(known(), plain("D047 D048 D047 0470 0801"))
    assert [(one.code, one.whole) for one in found] == [
        *(("D047", False), ("D048", False), ("D0470", True), ("D0801", True))
    ]


# --- The fit --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "scan",
        "D0470 scan",
        "pano and ceph",
        "CO-16",
        "models",
        "D0801 digital impression",
        "records",
    ],
)
def test_what_is_found_is_ranked_and_near_the_best(words: str) -> None:
    found, _, _ = searching.understood(words, current())
    scores = [one.score for one in found]
    assert 0 < len(found) <= MOST
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] >= NEAR_BEST * scores[0]
    assert found == searching.understood(words, current())[0]


def test_a_strange_word_makes_the_rest_fit_less() -> None:
    def best(words: str) -> float:
        found, _, _ = searching.understood(words, current())
        return found[0].score if found else 0.0

    known = "indirect bonding tray brackets"
    assert best(known) > best(f"{known} qqqq") > best(f"{known} qqqq wwww eeee") == 0


def test_a_word_said_again_in_another_part_weighs_nothing_more() -> None:
    once, again = (
        Query(known(), tokens(known(), plain(words)), [])
        for words in ("scan and pano", "scan and pano, scan")
    )
    assert (once.total, len(once.tokens)) == (again.total, len(again.tokens) - 1)


def test_a_query_without_a_telling_word_fits_nothing() -> None:
    assert fitting(Query(known(), [], [])) == ()
    assert fitting(Query(known(), tokens(known(), "what is the code for it"), [])) == ()


def test_an_index_of_the_same_library_is_the_same() -> None:
    again = Index(current())
    assert again.names == known().names
    assert again.spellings == known().spellings
    assert again.weights == known().weights
    assert again.shared == known().shared
