"""The words for an enumerated value stand once: in `words.py`."""

import re
from enum import StrEnum

import cdtref
from cdtref import words
from tests.docs import ROOT

TAKERS = [
    *(ROOT / "src/cdtref/site").rglob("*.md"),
    *(ROOT / "src/cdtref/site").glob("*.py"),
    ROOT / "src/cdtref/cli.py",
]


def kinds() -> set[type[StrEnum]]:
    """Every public enumeration."""
    found = {getattr(cdtref, name) for name in cdtref.__all__}
    return {kind for kind in found if isinstance(kind, type) and issubclass(kind, StrEnum)}


def test_every_value_has_its_words() -> None:
    assert set(words.LABELS) == kinds()
    for kind, labels in words.LABELS.items():
        assert list(labels) == list(kind)
        assert len(set(labels.values())) == len(labels), kind.__name__
        assert all(label.strip() == label != "" for label in labels.values())
    for value in (value for meanings in words.MEANINGS.values() for value in meanings):
        assert words.meaning(value) != words.label(value)


def test_the_words_stand_nowhere_else() -> None:
    """Labels of one plain word, such as Yes, are too common to look for."""
    labels = {
        label.lower()
        for kind in words.LABELS.values()
        for label in kind.values()
        if len(label.split()) > 1
    }
    assert {"our judgment", "ask the payer"} <= labels
    for path in TAKERS:
        text = " ".join(path.read_text(encoding="utf-8").lower().split())
        again = [
            label for label in labels if re.search(rf"[\"'>] ?{re.escape(label)}[\"'<.]", text)
        ]
        assert not again, f"{path.name} words {again} itself; take them from words.py"
