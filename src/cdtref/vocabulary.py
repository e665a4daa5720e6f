"""The types of what people say and ask: common questions, words that mean the same, small words.

Apart from `model`, because only a search needs them.
"""

from .values import Value


class Topic(Value):
    """What people ask that a page of the guide answers."""

    id: str
    heading: str
    """How the page heads its answer, to the letter."""
    page: str
    """The page that answers, such as `guide/questions`."""
    anchor: str = ""
    """The place on the page; empty where the whole page answers."""
    also: tuple[str, ...] = ()
    """Everyday words for it, by which it is found."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Topic {self.id}: {self.heading}>"


class Synonym(Value):
    """A word, and others that people say for it."""

    id: str
    """The word itself, in small letters."""
    same: tuple[str, ...] = ()
    """Words that mean the same."""
    kinds: tuple[str, ...] = ()
    """Words for kinds of it: whoever names one may mean the thing, but not the other way round."""

    def __repr__(self) -> str:
        return f"<Synonym {self.id}>"


BEFORE_NUMBERS = "before-a-remittance-code"
"""Small words that tell something: the number after them is such a code."""
BESIDE_DATES = "beside-a-date"
"""Words that tell nothing where a date stands in the query, and else tell something."""
BEFORE_LATER_DATES = "before-a-later-date"
"""Words after which a date is that of the claim or of its answer."""
BEFORE_PURPOSES = "before-a-purpose"
"""Words after which it is told what something is made for."""
WHAT_WAS_DONE = "of-what-was-done"
"""Words of a record or a work that stays one whatever it is used for."""
ASKING = "what-is-asked"
"""Words that tell what is asked about a service or code beside them."""
OF_DENTISTRY = "of-dentistry"
"""Words that nobody says of another subject."""
SPECIAL = (
    BEFORE_NUMBERS,
    BESIDE_DATES,
    BEFORE_LATER_DATES,
    BEFORE_PURPOSES,
    WHAT_WAS_DONE,
    ASKING,
    OF_DENTISTRY,
)
"""The groups whose words tell something."""


class Filler(Value):
    """Words that people say along with what they ask for, and that tell nothing of it."""

    id: str
    words: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Filler {self.id}>"


KINDS: dict[str, type[Value]] = {"topic": Topic, "synonym": Synonym, "filler": Filler}
"""The kinds of vocabulary, by the name of their TOML table."""
