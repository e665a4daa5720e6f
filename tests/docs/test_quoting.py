"""The piece of HTML that others paste: small, inert, and whole. What each page offers is read back
in `test_reading_back.py`, and what the browser makes in `tests/browser/test_quotations.py`."""

import re
from collections.abc import Iterator

import pytest
from lxml import html

import cdtref
from cdtref import linking
from cdtref.site import answers, quoting, reasons, views

MOST_BYTES = 4_000
SITE = "https://a-rather-long-name-of-a-publisher.example/a/folder/below/"
HOSTILE = [
    "<script>document.title = 'x'</script>",
    "<img src=//x.invalid/x onerror=document.title='x'>",
    '"><svg onload="document.title=\'x\'">',
    "' onmouseover='document.title=1",
    "</blockquote></p><iframe src=javascript:1>",
    "javascript:document.title=1",
    "{link} {headline} &lt;b&gt; <!--",
    "url(//x.invalid/x)",
]
ALLOWED = {
    "blockquote": {"cite", "style"},
    "p": set[str](),
    "b": set[str](),
    "a": {"href", "style"},
}


def pieces() -> Iterator[str]:
    """Every piece that a page offers, and those of a code and a service on each day."""
    for service in cdtref.services():
        for stretch in answers.of_service_by_date(service.id):
            link = f"{SITE}{service.address}?on={stretch.since}"
            yield quoting.of_card(stretch.shown, stretch, stretch.since, service, link)
    for code in cdtref.all_codes():
        for stretch in answers.of_code_by_date(code.code):
            yield quoting.of_card(stretch.shown, stretch, stretch.since, code, SITE + code.address)
    for scenario in cdtref.scenarios():
        yield quoting.of_scenario(scenario, SITE + scenario.address)
    for denial in cdtref.denials():
        yield quoting.of_denial(denial, SITE + denial.address)
    for remittance in reasons.coded():
        yield quoting.of_remittance(remittance, SITE + remittance.address)


def inert(piece: str) -> html.HtmlElement:
    """The piece read as a browser does: a few plain elements and no other."""
    found = html.fragment_fromstring(piece)
    for element in found.iter():
        names = {name for name in map(str, element.attrib) if not name.startswith("data-")}
        assert names <= ALLOWED[str(element.tag)], html.tostring(element)
        assert "url" not in element.get("style", "")
    return found


def test_every_piece_is_small_and_inert_and_leads_back() -> None:
    every = list(pieces())
    for piece in every:
        assert len(piece.encode()) <= MOST_BYTES, piece
        found = inert(piece)
        (link,) = found.xpath(".//a/@href")
        assert link == found.get("cite")
        assert link.startswith(SITE)
        assert found.get("data-cdtref") == cdtref.__version__
        assert "{" not in piece
    assert len(every) > 200


def test_each_piece_says_what_the_library_compares_it_with() -> None:
    """`cdtref links` finds that all of them hold, with the data that they say it by."""
    found = linking.check("\n".join(pieces()), on=views.day())
    assert {one.state.value for one in found} <= {"holds", "ended"}, [
        one for one in found if one.state not in ("holds", "ended")
    ]
    assert len(found) == len(list(pieces()))
    ended = [one for one in found if one.state == "ended"]
    # Those of a code of another date are asked for at its own address, as if they were of today.
    assert all("codes/" in one.address for one in ended), ended


def test_a_piece_says_the_answer_how_sure_who_disagrees_and_the_day_it_ends() -> None:
    service = cdtref.service("intraoral-scan")
    stretch = answers.of_service_by_date(service.id)[-1]
    told = inert(quoting.of_card(stretch.shown, stretch, views.day(), service, SITE))
    text = " ".join(told.text_content().split())
    answer = cdtref.recommend([service.id], on=views.day()).services[0]
    assert answer.dissent
    for said in (
        *(f"Report {code}." for code in answer.codes),
        answer.confidence.value,
        views.edition().id,
        cdtref.model.long_date(views.day()),
        *(one.publisher for one in answer.dissent if not one.repeats),
    ):
        assert said in text, said


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_text_holds_stays_text(text: str) -> None:
    names = re.findall(r"\{(\w+)\}", "".join(quoting.PIECES))
    values = dict.fromkeys(names, text)
    found = inert(quoting.piece(values))
    assert found.text_content().count(text) == len(re.findall(r"[>. ]\{|: \{", _shown()))
    assert found.get("cite") == text
    assert found.get("data-code") == text


def _shown() -> str:
    """The places that are shown, without those in an attribute."""
    return re.sub(r'"\{\w+\}"', "", "".join(quoting.PIECES))


def test_a_part_without_its_text_is_left_out() -> None:
    values = {"link": SITE, "title": "A", "headline": "B", "edition": "C", "verified": "D"}
    told = quoting.piece(values | {"version": "1", "dissent": "", "on": ""})
    assert "Disputed" not in told
    assert "data-on" not in told
    assert "<p>A: <b>B.</b></p>" in told
    assert "<p>As of C.</p>" in told
