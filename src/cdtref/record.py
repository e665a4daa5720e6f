"""What chart and claim must hold, and the narrative that a claim carries."""

import textwrap
from collections.abc import Mapping

from . import inputs
from .errors import IncompleteNoteError, InvalidInputError
from .library import Library, current
from .model import Code
from .paperwork import Item, Retention, Situation
from .values import Value

SEGMENT = 80
"""The characters that one claim note segment of an electronic dental claim (837D NTE) holds."""

_SEPARATORS = "*~:^|>"
"""Characters with which senders part the elements and segments of an electronic claim."""

_LONGEST = 10_000


class Narrative(Value):
    """The remark of a claim, from the note and nothing else."""

    code: str
    text: str
    segments: tuple[str, ...]
    """The text in pieces of at most 80 characters, never cut inside a word."""

    def __repr__(self) -> str:
        return f"<Narrative for {self.code}: {len(self.segments)} segments>"


def documentation(code: str) -> tuple[Item, ...]:
    """What must the record hold for a code, and what may it hold?

    Arguments:
        code: A procedure code of this topic.

    Returns:
        The items in the order a note tells them: purpose and method first. `Item.required` tells
            which a note may not lack, `Item.claim` which belong in the narrative.

    Raises:
        UnknownCodeError: The code is malformed or outside this topic.
        InvalidInputError: It is not text, or empty.

    Where it comes from: `knowledge/record.toml`, each item with its sources.

    Examples:
        >>> import cdtref
        >>> [item.id for item in cdtref.documentation("D0470") if item.required]
        ['purpose', 'method', 'use', 'retention']
    """
    library = current()
    return _items(inputs.code(code, library), library)


def missing(code: str, note: Mapping[str, str]) -> tuple[Item, ...]:
    """Which required items does a chart note lack for a code?

    Arguments:
        code: A procedure code of this topic.
        note: The note, as a mapping from the ids of items to their text. Empty text is missing.
            Never put anything into it that names a patient.

    Raises:
        UnknownCodeError: The code is malformed or outside this topic.
        UnknownIdError: The note has a key that is no item.
        InvalidInputError: The note is no mapping, or a text in it cannot be used.

    Examples:
        >>> import cdtref
        >>> note = {"purpose": "Worn teeth, guard or crowns", "method": "Alginate, poured in stone"}
        >>> [item.id for item in cdtref.missing("D0470", note)]
        ['use', 'retention']
    """
    library = current()
    items = _items(inputs.code(code, library), library)
    texts = texts_of(note, library)
    return tuple(item for item in items if item.required and item.id not in texts)


def narrative(code: str, note: Mapping[str, str]) -> Narrative:
    """The remark for a claim: what the note says, purpose and method first, and nothing else.

    Arguments:
        code: A procedure code of this topic.
        note: The note, as a mapping from the ids of items to their text. Only the items that belong
            on a claim are told. Never put anything into it that names a patient.

    Raises:
        IncompleteNoteError: The note lacks an item that the narrative needs. `missing` names them.
        UnknownCodeError: The code is malformed or outside this topic.
        UnknownIdError: The note has a key that is no item.
        InvalidInputError: A text has a character that parts an electronic claim, or a word longer
            than a segment.

    Where it comes from: a claim note segment of the electronic dental claim holds 80 characters.

    Examples:
        >>> import cdtref
        >>> note = {"purpose": "Worn teeth, guard or crowns", "method": "Alginate, poured in stone"}
        >>> cdtref.narrative("D0470", note).segments
        ('Worn teeth, guard or crowns. Alginate, poured in stone.',)
    """
    library = current()
    found = inputs.code(code, library)
    items = [item for item in _items(found, library) if item.claim]
    texts = texts_of(note, library)
    lacking = tuple(item.id for item in items if item.required and item.id not in texts)
    if lacking:
        raise IncompleteNoteError(
            f"The note lacks what a narrative for {found.code} needs: {', '.join(lacking)}. Write "
            "only what was done; nothing is made up in its place.",
            missing=lacking,
        )
    told = [_sentence(item.id, texts[item.id]) for item in items if item.id in texts]
    text = " ".join(told)
    segments = textwrap.wrap(text, SEGMENT, break_long_words=False, break_on_hyphens=False)
    for long in (segment for segment in segments if len(segment) > SEGMENT):
        raise InvalidInputError(
            f"note: the word {inputs.shown(long)} does not fit a segment of {SEGMENT} characters. "
            "Write it in shorter words."
        )
    return Narrative(found.code, text, tuple(segments))


def item(item: str) -> Item:
    """Something the record must or may hold.

    Arguments:
        item: The id of an item; it is the key of a note.

    Raises:
        UnknownIdError: No item has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.item("purpose").claim
        True
    """
    return inputs.known(Item, item, current())


def retention() -> tuple[Retention, ...]:
    """What sources say on how long to keep records and casts, each for its own place.

    Examples:
        >>> import cdtref
        >>> "Texas" in " ".join(rule.where for rule in cdtref.retention())
        True
    """
    return tuple(current().facts(Retention).values())


def situations() -> tuple[Situation, ...]:
    """Made-up notes for common situations: what do I write?

    Examples:
        >>> import cdtref
        >>> situation = cdtref.situations()[0]
        >>> note = {entry.item: entry.text for entry in situation.note}
        >>> cdtref.missing(situation.code, note)
        ()
    """
    return tuple(current().facts(Situation).values())


def _items(code: Code, library: Library) -> tuple[Item, ...]:
    found = [
        item for item in library.facts(Item).values() if not item.codes or code.code in item.codes
    ]
    # What the claim tells comes first, the order of the file otherwise.
    return tuple(sorted(found, key=lambda item: (not item.claim, not item.required)))


def texts_of(note: object, library: Library) -> dict[str, str]:
    """The texts of a note by the id of their item, without those that are empty."""
    if not isinstance(note, Mapping):
        raise InvalidInputError(
            "note: expected a mapping such as {'purpose': '…', 'method': '…'}, got "
            f"{inputs.typed(note)}."
        )
    texts: dict[str, str] = {}
    for key, value in note.items():
        item = inputs.known(Item, key, library)
        if item.id in texts:
            raise InvalidInputError(f"note: {item.id!r} stands twice; join the two texts.")
        text = _text(item.id, value)
        if text:
            texts[item.id] = text
    return texts


def _text(item: str, value: object) -> str:
    what = f"note[{item!r}]"
    if not isinstance(value, str):
        raise InvalidInputError(f"{what}: expected text, got {inputs.typed(value)}.")
    if len(value) > _LONGEST:
        raise InvalidInputError(
            f"{what}: has {len(value):,} characters; a note is short, {_LONGEST:,} at most."
        )
    text = " ".join(value.split())
    for character in text:
        if not character.isprintable():
            raise InvalidInputError(f"{what}: has {character!a}, a character that no text needs.")
    return text


def _sentence(item: str, text: str) -> str:
    """A text as an electronic claim can carry it."""
    what = f"note[{item!r}]"
    for character in text:
        if character in _SEPARATORS:
            raise InvalidInputError(
                f"{what}: has {character!r}, which parts an electronic claim. Write it in words or "
                "with a comma."
            )
        if not " " <= character <= "~":
            raise InvalidInputError(
                f"{what}: has {character!a}, which an electronic claim may not carry. Use plain "
                "letters, digits and punctuation."
            )
    return f"{text}." if text[-1].isalnum() or text[-1] in ")%\"'" else text
