"""Whatever stands on a built page is what the library holds, and is read back."""

from tests.docs.conftest import Pages
from tests.docs.reading_back import read_back


def test_every_page_says_what_the_library_says_and_nothing_else(pages: Pages) -> None:
    assert read_back(pages) == []
