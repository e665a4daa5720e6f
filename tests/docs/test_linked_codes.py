"""A code that a text names leads to its page, and nothing else is touched."""

from cdtref.site.macros import _link_codes

LINK = '<a class="code" href="../codes/D0801/">D0801</a>'


def test_a_code_in_a_text_becomes_a_link_once() -> None:
    assert _link_codes("<p>Report D0801.</p>", "../", "") == f"<p>Report {LINK}.</p>"
    neighbor = _link_codes("Report D9950.", "../", "")
    assert neighbor == 'Report <a class="code" href="../codes/neighbors/#code-d9950">D9950</a>.'


def test_headings_links_attributes_and_code_stay_as_they_are() -> None:
    for text in (
        "# D0801 An intraoral scan {: #code-d0801 }",
        "[D0801](x.md) and D0801",
        '<a href="D0801/">D0801</a>',
        '<p data-code="D0801">a</p>',
        "<code>D0801</code>",
        "D2740 and D08010",
    ):
        assert _link_codes(text, "../", "") == text
