"""What a link says is what it leads to."""

import pytest

from cdtref.site import holding, leads
from cdtref.site.untrue import UntrueError

PAGES = holding.pages()
HEADED = "# A record {{: #a }}\n\nBill D0470 for a digital model before 2023. {}\n"


def check(page: str, text: str) -> None:
    for link in leads.of_page(page, text):
        leads.check(link, PAGES | {page: text})


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("[D0801](../codes/D0801.md)", "[D0801](../codes/D0802.md)"),
        ("[D0801](../checklists/D0801.md)", "[D0801](../checklists/D0802.md)"),
        (
            "[a scan of a cast](../services/cast-scan.md)",
            "[a scan of a cast](../services/impression-scan.md)",
        ),
        (
            "[withdraw the line](../denials/bundled.md#correct)",
            "[withdraw the line](../denials/no-purpose.md#correct)",
        ),
        (
            "[nothing signed](who-may-be-charged.md#non-covered-without-consent)",
            "[nothing signed](who-may-be-charged.md#non-covered-with-consent)",
        ),
        (
            "[consent signed](who-may-be-charged.md#non-covered-with-consent)",
            "[consent signed](who-may-be-charged.md#non-covered-without-consent)",
        ),
        ("[Predetermination](predetermination.md)", "[Predetermination](appeals.md)"),
        ("[Will the plan pay?](coverage.md)", "[Will the plan pay?](predetermination.md)"),
        (
            "[Arch field](units-arches-and-dates.md#arch-field)",
            "[Arch field](units-arches-and-dates.md#how-often)",
        ),
        (
            "Sources [disagree](../codes/D0470.md#d0470-digital) on D0470 for a digital model.",
            "Sources [disagree](../codes/D0470.md#d0470-print) on D0470 for a digital model.",
        ),
        (
            "[Who disagrees?](where-sources-disagree.md#d0470-digital)",
            "[Who disagrees?](where-sources-disagree.md#d0801-impression)",
        ),
        (
            "[takes it off](../denials/index.md#group-co){: data-fact='remittance:co gloss' }",
            "[takes it off](../denials/index.md#group-pr){: data-fact='remittance:co gloss' }",
        ),
    ],
)
def test_a_link_leads_to_what_it_says(true: str, false: str) -> None:
    check("guide/a.md", HEADED.format(true))
    with pytest.raises(UntrueError, match="leads to"):
        check("guide/a.md", HEADED.format(false))


def test_a_link_that_leads_elsewhere_is_told_of_its_page() -> None:
    page = "guide/choosing-the-code.md"
    assert not list(holding.wrong_links(page, PAGES[page], PAGES))
    text = PAGES[page].replace("[D0801](../codes/D0801.md)", "[D0801](../codes/D0802.md)", 1)
    (wrong,) = holding.wrong_links(page, text, PAGES | {page: text})
    assert (wrong.where, wrong.sentence.text, wrong.hold) == (page, "D0801", holding.Hold.FALSE)
