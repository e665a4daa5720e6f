"""`cdtref links`: what a page of somebody else cites, and what is told of it."""

import datetime as dt
import json
from pathlib import Path

import pytest

import cdtref
from cdtref import linking
from cdtref.cli import main
from cdtref.linking import State

SITE = "https://cdtref.example/below/"
LAST = cdtref.editions()[-1].until
NOW = LAST.replace(month=3, day=2)


def data(**told: object) -> str:
    return "".join(f' data-{name}="{value}"' for name, value in told.items() if value != "")


def quote(code: str, service: str, on: dt.date = LAST, address: str = "", **other: object) -> str:
    """A quotation as the site offers it, of what the library answers now."""
    answer = cdtref.can_bill(code, service, on=on)
    report = code if answer.verdict == "yes" else " ".join(answer.instead)
    told = {
        "cdtref": cdtref.__version__,
        "code": code,
        "service": service,
        "on": on,
        "verdict": answer.verdict.value,
        "report": report,
        "sure": answer.confidence.value,
        "disputed": "yes" if answer.disputed else "",
    }
    link = address or SITE + answer.address
    return f'<blockquote cite="{link}"{data(**told | other)}><a href="{link}">x</a></blockquote>'


def states(page: str, on: dt.date = NOW, sites: tuple[str, ...] = (SITE,)) -> list[str]:
    return [one.state.value for one in linking.check(page, sites=sites, on=on)]


def only(page: str, on: dt.date = NOW) -> linking.Citation:
    (found,) = linking.check(page, sites=[SITE], on=on)
    return found


# --- Quotations -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["D0470", "D0801"])
@pytest.mark.parametrize("service", ["intraoral-scan", "stone-cast", "digital-impression"])
def test_a_quotation_of_what_we_answer_holds(code: str, service: str) -> None:
    found = only(f"<p>\n{quote(code, service)}")
    assert (found.line, found.state, found.why, found.quoted) == (2, State.HOLDS, "", True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("verdict", "yes"), ("report", "D0350"), ("sure", "unverified"), ("disputed", "")],
)
def test_whatever_changed_is_named_with_what_it_was_and_is(name: str, value: str) -> None:
    answer = cdtref.can_bill("D0470", "intraoral-scan", on=LAST)
    now = {
        "verdict": answer.verdict.value,
        "report": " ".join(answer.instead),
        "sure": answer.confidence.value,
        "disputed": "yes",
    }
    found = only(quote("D0470", "intraoral-scan", LAST, "", **{name: value}))
    assert found.state is State.CHANGED
    assert found.why == f"{name} was {value or 'none'}, is {now[name]}"


def test_a_quotation_for_another_date_holds_for_that_date() -> None:
    """Its address has the date, so it is about that one alone."""
    before = dt.date(2022, 3, 2)
    dated = f"{SITE}codes/D0470/?on={before}#intraoral-scan"
    assert only(quote("D0470", "intraoral-scan", before, dated)).state is State.HOLDS


def test_an_answer_that_ended_is_told_with_what_holds_now() -> None:
    before = dt.date(2022, 3, 2)
    found = only(quote("D0470", "intraoral-scan", before))
    assert found.state is State.ENDED
    assert found.why.startswith(f"on {NOW}: verdict was yes, is no; report was D0470, is D0801")
    after = LAST + dt.timedelta(days=1)
    found = only(quote("D0470", "intraoral-scan"), on=after)
    assert found.state is State.ENDED
    assert str(LAST) in found.why
    assert only(quote("D0470", "intraoral-scan"), on=LAST).state is State.HOLDS
    year_before = quote("D0470", "stone-cast", LAST - dt.timedelta(days=366))
    found = only(year_before, on=LAST)
    assert (found.state, found.why) == (State.HOLDS, ""), "it is answered alike on the last day"


@pytest.mark.parametrize(
    ("was", "put", "told"),
    [
        (f'cdtref="{cdtref.__version__}"', 'cdtref="2099.1.0"', "'2099.1.0' was never released"),
        (f'cdtref="{cdtref.__version__}"', 'cdtref=""', "'' was never released"),
        ('service="stone-cast"', 'service="pizza"', "pizza"),
        ('code="D0470"', 'code="D047"', "D047"),
        (f'on="{LAST}"', 'on="2026-02-30"', "2026-02-30"),
        (f'on="{LAST}"', 'on="1999-01-01"', "no edition is encoded for '1999-01-01'"),
        ('data-code="D0470" data-service="stone-cast"', "", "it does not say what it answers"),
        (f'cite="{SITE}', 'cite="https://else.example/', "none of ours"),
        (f'cite="{SITE}', 'cite="', "none of ours"),
        (f'cite="{SITE}codes/', f'cite="{SITE}codes/x/', "no such page"),
    ],
)
def test_what_was_never_an_answer_is_told(was: str, put: str, told: str) -> None:
    page = quote("D0470", "stone-cast")
    assert was in page
    found, *_ = linking.check(page.replace(was, put), sites=[SITE], on=NOW)
    assert found.state is State.NONE
    assert told in found.why


def test_a_quotation_that_does_not_say_where_it_is_from_is_none() -> None:
    page = quote("D0470", "stone-cast").replace(f' cite="{SITE}', ' data-x="')
    found, *_ = linking.check(page, sites=[SITE], on=NOW)
    assert (found.address, found.state) == ("", State.NONE)
    assert states(page, sites=()) == ["none"]


def test_another_page_s_quotation_is_none_of_ours_and_its_links_are_links() -> None:
    link = f'<a href="{SITE}codes/D0470/">x</a>'
    for around in (
        '<blockquote cite="https://else.example/">',
        f'<div data-cdtref="1" cite="{SITE}">',
    ):
        found = only(around + link)
        assert (found.state, found.quoted) == (State.HOLDS, False)


def test_the_link_of_a_quotation_is_told_once_and_the_same_after_it_again() -> None:
    page = quote("D0470", "stone-cast").replace("<a ", "<p>It is <b>so</b>.</p><a ")
    link = page[page.index("<a ") : page.index("</blockquote>")]
    assert [one.quoted for one in linking.check(page + link, sites=[SITE], on=NOW)] == [True, False]


def test_every_released_version_is_known() -> None:
    for release in cdtref.releases():
        assert only(quote("D0470", "stone-cast", cdtref=release.version)).state is State.HOLDS


def of(address: str, **told: object) -> str:
    return (
        f'<blockquote cite="{SITE}{address}"{data(cdtref=cdtref.__version__, **told)}></blockquote>'
    )


def test_services_codes_and_denials_are_compared_too() -> None:
    (told,) = cdtref.recommend(["intraoral-scan"], on=LAST).services
    service = {
        "service": "intraoral-scan",
        "on": LAST,
        "verdict": "yes",
        "report": " ".join(told.codes),
        "sure": told.confidence.value,
        "disputed": "yes" if told.disputed else "",
    }
    bundled = cdtref.denial("bundled")
    denial = {
        "denial": "bundled",
        "sure": bundled.confidence.value,
        "remedy": bundled.remedy.value,
        "otherwise": bundled.otherwise.value,
    }
    code = {"code": "D0351", "on": LAST, "verdict": "no"}
    for address, values in (
        ("services/intraoral-scan/", service),
        ("denials/bundled/", denial),
        ("codes/D0351/", code),
        ("codes/D0470/", code | {"code": "D0470", "verdict": "yes"}),
    ):
        found = only(of(address, **values))
        assert found.state is State.HOLDS, found
        for name in values.keys() - {"service", "scenario", "denial", "remittance", "code", "on"}:
            wrong = only(of(address, **values | {name: "x"}))
            assert wrong.state is State.CHANGED, (address, name)
            assert wrong.why.startswith(f"{name} was x, is "), wrong.why


def test_every_example_is_compared_whenever_it_is_read() -> None:
    """It is of its own date, so that no later one ends it."""
    for scenario in cdtref.scenarios():
        visits = [
            (scenario.did, scenario.on, scenario.bill),
            *((one.did, one.on, one.bill) for one in scenario.then),
        ]
        told = {
            "scenario": scenario.id,
            "on": scenario.on,
            "report": " ".join(code for _, _, bill in visits for code in bill),
            "sure": scenario.confidence.value,
        }
        for on in (NOW, LAST + dt.timedelta(days=1)):
            disputed = [
                only(of(scenario.address, **told, disputed=said), on=on).state.value
                for said in ("", "yes")
            ]
            assert sorted(disputed) == ["changed", "holds"], scenario.id
        visited = [cdtref.recommend(did, on=on) for did, on, _ in visits]
        dissent = [one.dissent for visit in visited for one in visit.services]
        assert disputed.index("holds") == any(dissent), scenario.id


def test_every_code_of_a_payer_is_compared_with_its_reasons() -> None:
    for paper in cdtref.remittances():
        told = {
            "remittance": paper.code,
            "report": " ".join(
                one.id for one in cdtref.denials() if paper.id in (*one.carcs, *one.rarcs)
            ),
            "sure": paper.confidence.value,
        }
        assert only(of("denials/", **told)).state is State.HOLDS, paper
        wrong = only(of("denials/", **told | {"report": "x"}))
        assert wrong.why == f"report was x, is {told['report'] or 'none'}"


# --- Links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "state", "why"),
    [
        ("", "holds", ""),
        ("index.html", "holds", ""),
        ("codes/D0470/", "holds", ""),
        ("codes/D0470", "holds", ""),
        ("codes/D0470/index.html", "holds", ""),
        ("codes/D0470/#intraoral-scan", "holds", ""),
        ("codes/D0470/?on=2022-03-02#intraoral-scan", "holds", ""),
        ("codes/D0470/#:~:text=cast", "holds", ""),
        ("guide/appeals/", "holds", ""),
        ("D0470", "holds", ""),
        ("d0470/", "holds", ""),
        ("CO-97", "holds", ""),
        ("Co-97/", "holds", ""),
        ("n478", "holds", ""),
        ("codes/D0351/?on=2022-03-02", "holds", ""),
        ("codes/D0351/", "ended", "D0351 ended"),
        ("d0351", "ended", "D0351 ended"),
        ("codes/D0471/", "none", "no such page"),
        ("codes/d0470/", "none", "codes/D0470/ is one"),
        ("codes/D0470/#pizza", "none", "no part 'pizza'"),
        ("codes/D0470/?on=1999-01-01", "none", "no date of service"),
        ("codes/D0470/?on=soon", "none", "no date of service"),
    ],
)
def test_a_plain_link_leads_to_an_answer_or_does_not(to: str, state: str, why: str) -> None:
    found = only(f'<a href="{SITE}{to}">x</a>')
    assert (found.state.value, found.quoted) == (state, False), found
    assert why in found.why
    assert bool(found.why) == bool(why)


def test_links_elsewhere_are_none_of_our_business() -> None:
    page = '<a href="https://else.example/codes/D0470/">x</a><a name=y>y</a><a href="#z">z</a>'
    assert states(page) == []
    assert states(f'<a href="{SITE}codes/D0470/">x</a>', sites=()) == []


def test_a_quotation_tells_where_the_site_is() -> None:
    page = quote("D0470", "stone-cast") + f'<a href="{SITE}pizza/">x</a>'
    assert states(page, sites=()) == ["holds", "none"]
    assert states(page, sites=(SITE.rstrip("/"),)) == ["holds", "none"]
    for site in ("http://cdtref.example/", "https://cdtref.example/", f"{SITE}X/"):
        moved = page.replace(SITE, site)
        assert states(moved, sites=()) == ["holds", "none"], site
        assert states(moved, sites=(site.rstrip("/"),)) == ["holds", "none"], site
    assert states(page.replace(SITE, "ftp://cdtref.example/"), sites=()) == ["none"]


def test_the_home_page_is_linked_to_with_or_without_its_last_sign() -> None:
    assert states(f'<a href="{SITE}">x</a><a href="{SITE.rstrip("/")}">x</a>') == ["holds"] * 2


def test_of_two_sites_one_in_the_other_the_inner_is_meant() -> None:
    link = f'<a href="{SITE}codes/D0470/">x</a>'
    for sites in ((SITE, "https://cdtref.example/"), ("https://cdtref.example/", SITE)):
        assert states(link, sites=sites) == ["holds"]


# --- Files ----------------------------------------------------------------------------------------

WORDS = "<p>Où ça? “Naïve”</p>"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("", "cp1252"),
        ("<meta charset=windows-1252>", "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=cp1250">', "cp1250"),
    ],
)
def test_a_page_is_read_in_its_encoding(head: str, encoding: str) -> None:
    text = head + WORDS.replace("Où", "O") if encoding == "cp1250" else head + WORDS
    text = text.replace("ï", "i") if encoding == "cp1250" else text
    assert linking.decoded(text.encode(encoding)) == text


def test_what_stands_for_no_letter_in_an_old_encoding_is_shown_as_such() -> None:
    assert linking.decoded(b"<p>\x81 \xe9") == "<p>\ufffd \xe9"


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (b"<meta charset=utf-8><p>\xe9", "not in the encoding 'utf-8'"),
        (b"<meta charset=klingon><p>x", "an encoding that is none: 'klingon'"),
        (b"\xff\xfe<\x00a", "not in the encoding 'utf-16'"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no text"),
        (b"GIF89a\x00\x01", "no text"),
    ],
)
def test_a_file_that_is_no_page_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], page: bytes, told: str
) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(page)
    assert main(["links", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "page.html: not read: " in err
    assert told in err


def ran(
    capsys: pytest.CaptureFixture[str], *arguments: str, status: int
) -> tuple[list[str], list[str]]:
    assert main(["links", *arguments, "--on", str(NOW)]) == status
    out, err = capsys.readouterr()
    return out.splitlines(), err.splitlines()


def test_a_folder_is_looked_through_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deep").mkdir()
    good = quote("D0470", "stone-cast")
    (tmp_path / "a.html").write_text(f"{good}\n<a href='{SITE}pizza/'>x</a>", encoding="utf-8")
    (tmp_path / "deep" / "b.HTM").write_text("<p>nothing", encoding="utf-8")
    (tmp_path / "c.txt").write_text(good, encoding="utf-8")
    out, err = ran(capsys, str(tmp_path), status=1)
    address = SITE + cdtref.can_bill("D0470", "stone-cast", on=LAST).address
    assert out == [
        f"{tmp_path / 'a.html'}:1: holds: {address}",
        f"{tmp_path / 'a.html'}:2: none: {SITE}pizza/ (a link): no such page",
    ]
    assert err == [
        f"{tmp_path / 'deep' / 'b.HTM'}: cites no answer of ours",
        "2 pages, 0 not read: 1 holds, 0 changed, 0 ended, 1 none; "
        "plain links are looked at with --site only",
    ]
    (tmp_path / "a.html").write_text(good, encoding="utf-8")
    out, _ = ran(capsys, str(tmp_path), "--site", SITE, "--json", status=0)
    assert [json.loads(line)["state"] for line in out] == ["holds"]


@pytest.mark.parametrize("page", ["", "<p>x", "<a href=", "<!DOCTYPE [ <![x", "<blockquote cite"])
def test_a_page_without_a_citation_is_told_and_is_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], page: str
) -> None:
    file = tmp_path / "page.html"
    file.write_text(page, encoding="utf-8")
    out, err = ran(capsys, str(file), status=0)
    assert out == []
    assert "cites no answer of ours" in err[0]


def test_what_is_not_there_or_no_date_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["links", str(tmp_path / "none.html")]) == 2
    assert "none.html" in capsys.readouterr().err
    assert main(["links", str(tmp_path)]) == 2
    assert "no page of HTML" in capsys.readouterr().err
    (tmp_path / "a.html").write_text("x", encoding="utf-8")
    assert main(["links", str(tmp_path), "--on", "soon"]) == 2
    assert "soon" in capsys.readouterr().err
