"""Which kinds of fact stand in which file, and what the place of a file says by itself.

One file a thing where a thing is reviewed alone: a service with its rules, a contested question
with its positions and history, the statements of a guide, the scenarios of a theme.
"""

from typing import NamedTuple


class Place(NamedTuple):
    """The files of one pattern."""

    pattern: str
    """Below the knowledge folder; `*` is the id of the thing."""
    many: tuple[str, ...]
    """Kinds of which it holds any number, as `[[kind]]`."""
    one: str = ""
    """The kind it holds exactly one of, as `[kind]`; its id is the name of the file."""
    implied: tuple[tuple[str, str], ...] = ()
    """Kind and field that the name of the file fills, so that entries leave it out."""
    schema: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        return (self.one, *self.many) if self.one else self.many


PLACES = (
    Place("services/*.toml", ("rule",), "service", (("rule", "service"),), "service"),
    Place(
        "questions/*.toml",
        ("position", "event"),
        "question",
        (("position", "about"), ("event", "about")),
        "question",
    ),
    Place("guides/*.toml", ("statement",), "", (("statement", "source"),), "guide"),
    Place("scenarios/*.toml", ("scenario",), "", (("scenario", "theme"),), "scenarios"),
    Place("sources/*.toml", ("source",), "", (("source", "authority"),), "sources"),
    Place("codes.toml", ("code",), schema="codes"),
    Place("editions.toml", ("edition",), schema="editions"),
    Place("cautions.toml", ("caution",), schema="cautions"),
    Place("glossary.toml", ("term",), schema="glossary"),
    Place("outside.toml", ("outside",), schema="outside"),
    Place("record.toml", ("item", "retention", "situation"), schema="record"),
    Place("coverage.toml", ("coverage",), schema="coverage"),
    Place("charges.toml", ("charge",), schema="charges"),
    Place("denials.toml", ("denial",), schema="denials"),
    Place("remittances.toml", ("remittance",), schema="remittances"),
    Place("appeals.toml", ("ingredient",), schema="appeals"),
    Place("topics.toml", ("topic",), schema="topics"),
    Place("vocabulary.toml", ("synonym", "filler"), schema="vocabulary"),
)

VERSION = "knowledge.toml"
"""Holds the version alone."""


def place_of(path: str) -> Place | None:
    """The place of a file, by its path below the knowledge folder."""
    folder, _, name = path.rpartition("/")
    return next(
        (
            place
            for place in PLACES
            if place.pattern == path
            or (folder and place.pattern == f"{folder}/*.toml" and name.endswith(".toml"))
        ),
        None,
    )


def place_for(kind: str) -> Place:
    """The place where the facts of a kind belong."""
    return next(place for place in PLACES if kind in place.kinds)
