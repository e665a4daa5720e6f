"""What each macro has to write, as the lines of `page_lines`, worked out from the library.

For each macro of `cdtref.site.macros` there is a function of the same name. It is a second writing
of what a template lays out: whoever changes what a page says changes it here too, and says by that
that it is meant. Column heads, words on buttons and the like stand where they belong.
"""

from tests.docs.expected import (
    codes,
    denials,
    lists,
    payment,
    records,
    scenarios,
    services,
    sources,
)
from tests.docs.expected.pieces import WRITERS

__all__ = [
    "WRITERS",
    "codes",
    "denials",
    "lists",
    "payment",
    "records",
    "scenarios",
    "services",
    "sources",
]
