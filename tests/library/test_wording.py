"""Words as people write them: what is left of them, which dates they hold, which are misspelt."""

import datetime as dt
import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cdtref.wording import (
    DATES,
    ENDINGS,
    MONTHS,
    alone,
    dates,
    ended,
    misspelt,
    one_apart,
    parted,
    plain,
    stem,
    typings,
    without_one,
    words,
)

D = dt.date
WORDS = st.text("abcdefghinorst", min_size=1, max_size=8)


# --- Plain words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Study MODELS", ["study", "models"]),
        ("patient’s mouth, don't", ["patients", "mouth", "and", "dont"]),
        ("pano+ceph & photos; casts", ["pano", "and", "ceph", "and", "photos", "and", "casts"]),
        ("numérique Übung", ["numerique", "ubung"]),
        ("ﬁnal ｓｃａｎ", ["final", "scan"]),
        ("in-house/in_office", ["in", "house", "in", "office"]),
        ("口腔 скан", []),
        ("", []),
    ],
)
def test_words_lose_their_marks_and_what_joins_them_is_a_word(text: str, told: list[str]) -> None:
    assert words(parted(plain(text))) == told


# --- Stems ----------------------------------------------------------------------------------------

SAME = """
scan scans scanned scanning | print prints printed printing
model models modeled modeling | pour poured pouring | bundle bundled bundling bundles
deny denies denied | copy copies copied | appeal appeals appealed appealing
merge merged merging | crown crowns | impression impressions | tray trays
photograph photographs | mount mounted mounting | duplicate duplicated
simulate simulated simulating | box boxes boxed | watch watches
superimpose superimposed superimposing | stitch stitched stitching stitches
fit fits fitted fitting | cut cuts cutting
"""
APART = """
cast cost | cast case | cost coast | print point | model modal | deny dent
bite bitewing | die dye | arch archive | scan scar | plaster plate | lab label
mount mouth | tray trap | pano plan | thesis these | age agent
"""


def groups(text: str) -> list[list[str]]:
    return [group.split() for group in text.replace("\n", "|").split("|") if group.strip()]


@pytest.mark.parametrize("group", groups(SAME), ids=lambda group: str(group[0]))
def test_forms_of_a_word_have_one_stem(group: list[str]) -> None:
    assert len({stem(word) for word in group}) == 1, {word: stem(word) for word in group}


@pytest.mark.parametrize("group", groups(APART), ids=lambda group: str(group[0]))
def test_other_words_have_other_stems(group: list[str]) -> None:
    assert len({stem(word) for word in group}) == len(group)


@pytest.mark.parametrize(
    ("word", "left"),
    [
        *(("glass", "glass"), ("status", "status"), ("thesis", "thesis"), ("ceph", "ceph")),
        *(("x", "x"), ("s", "s"), ("as", "as"), ("pans", "pan"), ("ties", "tie")),
        *(("add", "add"), ("egg", "egg"), ("full", "full"), ("pass", "pass")),
        *(("ring", "ring"), ("wing", "wing"), ("bed", "bed"), ("seed", "seed"), ("order", "order")),
        *(("d0470", "d0470"), ("n478s", "n478s"), ("3d", "3d"), ("b15", "b15")),
    ],
)
def test_a_word_keeps_what_tells_it_apart(word: str, left: str) -> None:
    assert stem(word) == left


@given(WORDS)
def test_a_stem_begins_as_its_word_and_is_not_empty(word: str) -> None:
    found = stem(word)
    assert found
    assert found[0] == word[0]
    assert len(found) <= len(word)


def test_endings_are_tried_the_longer_first() -> None:
    """The first that fits is cut off, so that one after its own end would never be reached."""
    for row in ENDINGS:
        for (before, _, _), (after, _, _) in itertools.combinations(row, 2):
            assert not after.endswith(before), f"{after} stands behind {before}"


# --- Dates of service -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        *((text, D(2022, 3, 4), D(2022, 3, 4)) for text in ("2022-03-04", "2022-3-4", "3/4/2022")),
        *((text, D(2022, 3, 4), D(2022, 3, 4)) for text in ("03/04/22", "3-4-2022", "3.4.22")),
        *((text, D(2022, 3, 4), D(2022, 3, 4)) for text in ("March 4 2022", "mar. 4th 2022")),
        *((text, D(2022, 3, 4), D(2022, 3, 4)) for text in ("4 March 2022", "4th of March 2022")),
        *((text, D(2022, 11, 1), D(2022, 11, 30)) for text in ("Nov 2022", "November of 2022")),
        *((text, D(2022, 11, 1), D(2022, 11, 30)) for text in ("11/2022", "NOV. 2022")),
        *((text, D(2022, 1, 1), D(2022, 12, 31)) for text in ("2022", "in 2022?", "'2022'")),
        ("12/2022", D(2022, 12, 1), D(2022, 12, 31)),
        ("2/2024", D(2024, 2, 1), D(2024, 2, 29)),
        ("2/29/2024", D(2024, 2, 29), D(2024, 2, 29)),
        ("12/31/2022", D(2022, 12, 31), D(2022, 12, 31)),
        ("1/1/00", D(2000, 1, 1), D(2000, 1, 1)),
        ("1999", D(1999, 1, 1), D(1999, 12, 31)),
        ("September 2021", D(2021, 9, 1), D(2021, 9, 30)),
        ("Sept 2021", D(2021, 9, 1), D(2021, 9, 30)),
    ],
)
def test_a_date_of_service_is_read(text: str, since: dt.date, until: dt.date) -> None:
    _, spans, _ = dates(plain(f"scan {text} crown"))
    assert [(first, last) for first, last, _ in spans] == [(since, until)]


@pytest.mark.parametrize("text", ["2/30/2026", "2022-13-01", "0/5/2026", "2/29/2023", "13/45/2026"])
def test_a_day_that_the_calendar_lacks_is_none(text: str) -> None:
    """Neither it nor a day near it; its year may still be read."""
    left, spans, wrong = dates(plain(f"scan {text} crown"))
    assert spans == []
    assert wrong == [text]
    assert words(left) == ["scan", "crown"]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "d2022",
            "20221",
            "12022",
            "13/45/22",
            "1/2/3",
            "1/2",
            "n2022",
            "2022a",
            "3/4/202",
            "99/9999999",
        ),
        *(
            "13/45/22",
            "٢٠٢٢",
            "٢٠٢٢-٠٣-٠٤",
            "٣/٤/٢٢",
            "²⁰²²",
            "mayor 12",
            "octagon",
            "3000",
            "1850",
            "97",
        ),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    left, spans, _ = dates(text)
    assert spans == []
    assert left == text


def test_what_is_read_as_a_date_is_no_word_but_for_a_year() -> None:
    left, spans, _ = dates("scan 3/4/2022 of november 2021 in 2020")
    assert words(left) == ["scan", "of", "in", "2020"]
    assert [written for _, _, written in spans] == ["3/4/2022", "november 2021", "2020"]


def test_each_month_is_read_in_full_and_short() -> None:
    for number, month in enumerate(MONTHS, 1):
        full = D(2022, number, 1).strftime("%B").lower()
        assert full.startswith(month)
        for written in (month, f"{month}.", full):
            (_, spans, _) = dates(f"{written} 5 2022")
            assert spans[0][0] == D(2022, number, 5)


@pytest.mark.parametrize(
    ("text", "day"), [("1000-01-02", D(1000, 1, 2)), ("9998-12-31", D(9998, 12, 31))]
)
def test_a_year_has_four_digits_and_a_day_after_it(text: str, day: dt.date) -> None:
    assert [span[:2] for span in dates(text)[1]] == [(day, day)]
    for none in ("9999-12-31", "0999-12-31"):
        assert dates(none)[1:] == ([], [none])


@given(st.dates(D(1900, 1, 1), D(2099, 12, 31)))
def test_every_day_is_read_back(day: dt.date) -> None:
    for written in (
        str(day),
        f"{day.month}/{day.day}/{day.year}",
        f"{day:%B} {day.day} {day.year}",
    ):
        assert [span[:2] for span in dates(plain(written))[1]] == [(day, day)]


PIECES = st.sampled_from([*"0123456789 /-.,", "20", "19", "jan", "of", "31", "12", "2022"])
MIXED = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map("".join))


@given(MIXED)
@example("1/2/22 3/4/2022")
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    _, spans, wrong = dates(plain(text))
    for since, until, written in spans:
        assert since <= until
        assert written in plain(text)
    assert all(written in plain(text) for written in wrong)


def test_the_patterns_are_read_by_the_browser_alike() -> None:
    """JavaScript has no verbose patterns, no named groups as Python's, and no \\d beyond 0 to 9."""
    for pattern, order in DATES:
        assert "(?P" not in pattern
        assert "(?i" not in pattern
        assert alone(pattern).groups == len(order)


# --- One letter wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        *(("plastar", "plaster"), ("plastr", "plaster"), ("plasster", "plaster")),
        *(("palster", "plaster"), ("moddel", "model"), ("modle", "model"), ("modl", "model")),
        *(("csat", "cast"), ("caast", "cast"), ("scna", "scan"), ("sacn", "scan")),
        *(("denny", "deny"), ("timley", "timely"), ("pnao", "pano"), ("crawn", "crown")),
        ("pna", "pan"),
    ],
)
def test_one_letter_wrong_is_forgiven(word: str, meant: str) -> None:
    assert misspelt(word, meant)


@pytest.mark.parametrize(
    ("word", "meant"), [("movie", "move"), ("casts", "cast"), ("model", "modl"), ("cost", "cast")]
)
def test_another_short_word_is_no_mistake(word: str, meant: str) -> None:
    assert not misspelt(word, meant)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        *(("cost", "cast"), ("case", "cast"), ("last", "cast"), ("fast", "cast"), ("past", "cast")),
        *(("scam", "scan"), ("scar", "scan"), ("span", "scan"), ("plan", "pano"), ("mode", "code")),
        *(("paster", "raster"), ("rint", "print"), ("lab", "lap"), ("ai", "ia"), ("die", "dye")),
        *(("plastre", "plstaer"), ("crow", "town"), ("pa", "pan"), ("pan", "pans")),
        *(("model", "models2"), ("plaster", "plasters1"), ("scan", "sc")),
    ],
)
def test_another_word_is_no_misspelling(word: str, other: str) -> None:
    assert not misspelt(word, other)


def reached(word: str) -> list[set[str]]:
    """What a word comes to by one letter less, more, another, or two that changed places."""
    letters = "abcdefghinorst"
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return [
        {a + b[1:] for a, b in cuts if b},
        {a + letter + b for a, b in cuts for letter in letters},
        {a + letter + b[1:] for a, b in cuts if b for letter in letters},
        {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1},
    ]


@given(st.data(), WORDS, st.integers(0, 3))
def test_one_apart_is_what_it_says(data: st.DataObject, one: str, steps: int) -> None:
    """Of words a few letters apart: two at random are almost never near each other."""
    other = one
    for _ in range(steps):
        ways = [sorted(words) for words in reached(other) if words]
        other = data.draw(st.sampled_from(data.draw(st.sampled_from(ways))))
    assert one_apart(one, other) == one_apart(other, one)
    assert one_apart(one, other) == any(other in words for words in reached(one))


def test_a_short_word_may_lack_a_letter_where_it_had_an_ending() -> None:
    """The ending shows that it is a word, and not three letters that stand for something."""
    assert misspelt("cst", "cast", "csts")
    assert not misspelt("cst", "cast", "cst")
    assert not misspelt("cst", "cast")
    assert not misspelt("cs", "cas", "css")


def test_a_letter_may_be_wrong_in_a_word_and_in_what_is_left_of_it() -> None:
    assert set(typings("bites")) == {"bite", "bites"}
    assert set(typings("bite")) == {"bite", "bit"}
    assert set(typings("scanned")) == {"scan", "scanned"}


def test_a_letter_may_be_wrong_in_the_ending_too() -> None:
    assert "taping" in ended("tapng")
    assert "scanning" in ended("scanninge")
    assert "scanned" in ended("scanend")
    assert "boxes" in ended("boxs")
    assert "scanning" in ended("sacnning")
    assert "scanning" in ended("scannign")
    assert "model" in ended("modle")


def test_a_word_with_a_letter_less_lacks_each_in_turn() -> None:
    assert without_one("cast") == ["ast", "cst", "cat", "cas"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("cast", "casts"), ("cast", "acast"), ("cast", "cost"), ("cast", "csat"), ("ab", "ba")],
)
def test_words_one_step_apart_are_so_both_ways(one: str, other: str) -> None:
    assert one_apart(one, other)
    assert one_apart(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("cast", "coat"), ("cast", "castle"), ("cast", "tsac"), ("cast", "csatx"), ("cast", "actx")],
)
def test_words_two_steps_apart_are_not_one_apart(one: str, other: str) -> None:
    assert not one_apart(one, other)
    assert not one_apart(other, one)


@given(WORDS)
def test_without_one_is_every_word_with_a_letter_less(word: str) -> None:
    assert len(without_one(word)) == len(word)
    assert all(one_apart(short, word) for short in without_one(word))
