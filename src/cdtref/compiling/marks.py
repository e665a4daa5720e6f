"""Words of a text that are bound to a value: `*Do not appeal*{: data-fact=remedy }`.

It is the attribute list that pages use. A field alone is one of the entry that the text stands in;
elsewhere the fact comes first: `data-fact='denial:bundled otherwise'`. What the library reads, and
what is published, is the text without the marks.
"""

import re
from typing import Any

_MARK = re.compile(r"\*(?P<words>[^*]+)\*\{: *data-fact=(?P<q>['\"]?)(?P<fact>[^}]+?)(?P=q) *\}")


def plain(value: Any) -> Any:
    """An entry, or a part of one, without its marks."""
    if isinstance(value, str):
        return _MARK.sub(r"\g<words>", value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def spans(text: str) -> list[tuple[str, str]]:
    """The bound words of a text, each with the fact it is bound to."""
    return [(" ".join(mark["words"].split()), mark["fact"]) for mark in _MARK.finditer(text)]
