"""How well the names of things fit a query: by the words of either that are met, rare ones most."""

from .meanings import CODE_WEIGHT, Index, Thing
from .querying import Token
from .values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST, LEAST_AT_HOME = 0.55, 0.5
"""What fits less is no hit; the second, where hardly a word is strange."""
LEAST_NAMED = 0.2
"""The same of what is named in so many words, where nothing else fits."""
STRANGE, TOO_STRANGE = 0.2, 0.65
"""The share of words that nothing here is called by, above which a query may be about else, and
above which it is."""
TELLING = 0.35
"""The share of the most telling word that another must weigh for its names to be looked at."""
NAMED = 0.55
"""How well words must fit a service for a code beside them to be asked about it."""
MOST = 6
"""Hits at most."""
NEAR_BEST = 0.7
"""What fits less than this share of what fits best is left out."""
NAME_SHARE = 0.45
"""How much of the score is the share of the name that is met; the rest is that of the query."""
ONCE_MORE = 0.45
"""What words are worth that other names of the same thing have."""
AROUND, AROUND_CODES, AROUND_ASKED = 0.4, 0.6, 0.9
"""What the service and the codes are worth that a question is asked about; the last, where a word
says that one is."""
WHOLE = 0.8
"""How much of a name is to be met for it to count as said."""
PURPOSE = 0.16
"""What a service gains whose name says what the thing done is for: that decides."""
PARTIAL = 0.1
"""What a service loses of whose name something is not met: it may be another."""
ASKED = 0.005
"""Of services that share words, one whose own name they are comes first."""
EXACT = 0.1
"""What a name is worth that has all words of the query and no other."""
LISTED = 0.95
"""How much of a query must be names of services for it to be a list of them."""
SHARED_BY = 6
"""Words that more services share than these name none of them."""
TOGETHER = 0.2
"""What is understood together comes before its parts."""
FEW = 2
"""A payer's code with more reasons than these comes before them: its page asks which it was."""
LEAD = 0.02


class Found(Value):
    """A thing, or several together, and how well the words fit."""

    kind: str
    id: str
    title: str
    address: str
    score: float
    code: str = ""
    services: tuple[str, ...] = ()
    ambiguous: bool = False

    @property
    def dated(self) -> bool:
        """Whether the answer depends on the date of service."""
        return bool(self.code or self.services)


_Met = list[int]
"""Of a name and a query: what is met of the one and of the other, in hundredths since not all words
fit alike, and then the words that are met, a bit each: those of the query, and those of the name.
"""


def _touch(
    known: Index,
    met: dict[int, _Met],
    at: int,
    stands: tuple[tuple[str, int], ...],
    weighs: int,
    *,
    services: bool = False,
    others: bool = True,
    denied: bool = False,
) -> None:
    """Tells the names that a word stands in what of them is met: those of services, or of all.

    Without the others, only those that a word before it stands in as well. What is denied is no
    service that was done, unless its name says so.
    """
    bit = 1 << at
    names_with = known.services_with if services else known.names_with
    for stem, share in stands:
        weight, told = known.weight(stem) * share, weighs * share
        for name, own in names_with.get(stem, ()):
            if denied and name in known.of_services and name not in known.denying:
                continue
            had = met.get(name)
            if had is None:
                if others:
                    met[name] = [weight, told, bit, own]
            elif not had[2] & bit:
                had[1] += told
                had[2] |= bit
                # One word of a name may meet two, as a scan does an iTero scan.
                if not had[3] & own:
                    had[0] += weight
                    had[3] |= own


class Query:
    """A query, and every name that its telling words touch."""

    def __init__(
        self, known: Index, tokens: list[Token], codes: list[str], *, joined: bool = False
    ) -> None:
        self.known = known
        self.joined = joined
        """An “and” stands in it."""
        self.tokens = tokens
        self.codes = codes
        # Its words and then its codes are a bit each, and weigh so much.
        self.weights = [0 if token.again else token.weight for token in tokens]
        self.weights += [CODE_WEIGHT] * len(codes)
        self.total = sum(self.weights)
        self.everything = (1 << len(self.weights)) - 1
        self.denied = sum(1 << at for at, token in enumerate(tokens) if token.denied)
        record = any(token.stands[0][0] in known.vocabulary.what_was_done for token in tokens)
        self.purpose = sum(
            1 << at for at, token in enumerate(tokens) if token.purpose and not record
        )
        asking = known.vocabulary.asking
        self.asking = sum(
            1 << at
            for at, token in enumerate(tokens)
            if any(stem in asking for stem, _ in token.stands)
        )
        """The words that say what is asked. Then two things are no visit, and no code is judged."""
        self.code_bits = self.everything - (1 << len(tokens)) + 1
        self._weighed: dict[int, int] = {}
        self.met: dict[int, _Met] = {}
        # For each thing its best name, what that lacks, and the words that any of its names holds.
        self.best: dict[int, tuple[float, int]] = {}
        self.bits: dict[int, int] = {}
        if self.total:
            self._meet()
            self.context = self._context()
            """What a question is about, in bits: its codes, and the service that it names best."""
            self._choose()

    def weight(self, bits: int) -> int:
        """What some of the words weigh together."""
        found = self._weighed.get(bits)
        if found is None:
            found = sum(weight for at, weight in enumerate(self.weights) if bits >> at & 1)
            self._weighed[bits] = found
        return found

    def strange(self) -> int:
        """The weight of the words that nothing here is called by, and that tell what was done."""
        return sum(
            one.weight for one in self.tokens if one.strange and not one.again and not one.denied
        )

    def _meet(self) -> None:
        known = self.known
        tokens = [one for one in enumerate(self.tokens) if not one[1].again]
        done = (one for _, one in tokens if not one.strange and not one.denied)
        most = max((one.weight for one in done), default=0)
        for at, code in enumerate(self.codes, len(self.tokens)):
            _touch(known, self.met, at, ((code, 100),), CODE_WEIGHT)
        # Names that have none but the common words of a query are not worth a look.
        for at, token in tokens:
            telling = tuple(one for one in token.stands if known.weight(one[0]) >= TELLING * most)
            _touch(known, self.met, at, telling, token.weight, denied=token.denied)
        for at, token in tokens:
            common = tuple(one for one in token.stands if known.weight(one[0]) < TELLING * most)
            _touch(known, self.met, at, common, token.weight, others=False, denied=token.denied)

    def _choose(self) -> None:
        known, best, bits, context = self.known, self.best, self.bits, self.context
        thing_of, name_weight = known.thing_of, known.name_weight
        of_name, of_query = NAME_SHARE * 100, (1 - NAME_SHARE) * 100 * self.total
        for name, (matched, told, met, _) in self.met.items():
            thing = thing_of[name]
            asked = context & ~met and name in known.of_questions
            around = self._around(name, met) if asked else 0
            lost = of_name * name_weight[name] / matched + of_query / (told + around)
            had = best.get(thing)
            if had is None:
                best[thing], bits[thing] = (lost, name), met
            else:
                bits[thing] |= met
                if lost < had[0] or (lost == had[0] and name < had[1]):
                    best[thing] = lost, name

    def _around(self, name: int, bits: int) -> float:
        """What a question is worth of what it is asked about, beside these words of its own."""
        if not bits & ~self.context or not self.whole(name):
            return 0
        asks = self.met[name][2] & self.asking & ~self.context
        around = self.context & ~bits
        of_service, of_codes = (AROUND_ASKED, AROUND_ASKED) if asks else (AROUND, AROUND_CODES)
        return 100 * (
            of_service * self.weight(around & ~self.code_bits)
            + of_codes * self.weight(around & self.code_bits)
        )

    def whole(self, name: int) -> bool:
        """Whether a name is as good as said."""
        matched, _, _, words = self.met[name]
        weight, name_words = self.known.name_weight[name], self.known.names[name]
        return matched >= WHOLE * 100 * weight or words.bit_count() == len(name_words)

    def says(self, number: int) -> bool:
        """Whether a thing is named in two words at least, all of them said.

        Beside strange words only a service, by a name of its own.
        """
        if number not in self.best:
            return False
        name, known = self.best[number][1], self.known
        if self.met[name][3].bit_count() < 2 or not self.whole(name):
            return False
        if self.strange() <= STRANGE * self.total:
            return True
        return (
            self.strange() <= TOO_STRANGE * self.total
            and known.things[number].kind == "service"
            and not known.ambiguous(name)
            and self.met[name][0] >= 95 * known.name_weight[name]
        )

    def _context(self) -> int:
        known, found = self.known, (0, 0, 0)
        for name, (_, told, bits, _) in self.met.items():
            if name in known.of_services and self.whole(name):
                found = max(found, (told, -name, bits))
        return found[2] | self.code_bits

    def scores(self) -> dict[int, float]:
        """How well each thing fits, with what stands around its best name."""
        known = self.known
        scores: dict[int, float] = {}
        for number, (_, name) in self.best.items():
            thing, bits = known.things[number], self.bits[number]
            matched, said, met, _ = self.met[name]
            weight = known.name_weight[name]
            told = said + ONCE_MORE * 100 * self.weight(bits & ~met)
            if thing.kind == "code" and bits & self.code_bits:
                # Codes beside one another are asked for together.
                told += 100 * self.weight(self.code_bits & ~bits)
            elif thing.kind == "service" and self.whole(name):
                told += 100 * self.weight(self.denied & ~met)
            elif name in known.of_questions:
                told += self._around(name, bits)
            score = _score(matched, weight, min(told, 100 * self.total), self.total) + thing.bias
            if name in known.asks:
                score -= ASKED
            if thing.kind == "service":
                if not self.whole(name):
                    score -= PARTIAL
                elif met & self.purpose and met & ~self.purpose:
                    score += PURPOSE
            if met == self.everything and matched >= 95 * weight:
                score += EXACT
            scores[number] = score
        for number, score in list(scores.items()):
            # A code of the payer's leads to its reasons: before itself where it leaves no choice.
            reasons = known.reasons.get(number, ())
            ahead = LEAD if len(reasons) <= FEW else -LEAD
            for place, reason in enumerate(reasons):
                led = score + ahead - place * LEAD / 10
                scores[reason] = max(led, scores.get(reason, 0))
        return scores


def _score(matched: float, name: int, told: float, query: int) -> float:
    """A mean of how much of the name is met and how much of the query, the query weighing more."""
    return 1 / (NAME_SHARE * name * 100 / matched + (1 - NAME_SHARE) * query * 100 / told)


def fitting(query: Query) -> tuple[Found, ...]:
    """What fits best, the best first."""
    if not query.total:
        return ()
    least = LEAST if query.strange() > STRANGE * query.total else LEAST_AT_HOME
    scores = query.scores()
    visits = [] if query.asking else [*_visits(query), *_codes_together(query)]
    ranked: list[tuple[float, Found | int]] = [
        *((one.score, one) for one in (*_pairs(query), *visits)),
        *((score, number) for number, score in scores.items() if score >= least),
        *((one.score, one) for one in _outside(query)),
    ]
    if not ranked:  # rather what is named in passing than nothing
        ranked = [
            (score, number)
            for number, score in scores.items()
            if score >= LEAST_NAMED and query.says(number)
        ]
    ranked.sort(key=lambda one: -one[0])
    return tuple(
        _plain(query, one, score) if isinstance(one, int) else one
        for score, one in ranked[:MOST]
        if score >= NEAR_BEST * ranked[0][0]
    )


def _plain(query: Query, number: int, score: float) -> Found:
    thing = query.known.things[number]
    service = thing.kind == "service"
    return Found(
        thing.kind,
        thing.id,
        thing.title,
        thing.address,
        score,
        code=thing.id if thing.kind == "code" else "",
        services=(thing.id,) if service else (),
        ambiguous=service and query.known.ambiguous(query.best[number][1]),
    )


def _outside(query: Query) -> "Iterator[Found]":
    """Codes that are none of this topic."""
    for code in query.codes:
        if code not in query.known.names_with:
            title = f"{code}: {query.known.outside_code}"
            score = _score(100, 1, CODE_WEIGHT * 100, query.total)
            yield Found("outside", code, title, "outside/", score)


def _pairs(query: Query) -> "Iterator[Found]":
    """Each code with the service that the other words name best; with all that share the name."""
    known = query.known
    rest = query.total - query.weight(query.code_bits)
    ours = [code for code in query.codes if code in known.names_with]
    if not ours or not rest:
        return
    named: list[tuple[float, int, int]] = []
    for number, (_, name) in query.best.items():
        if known.things[number].kind == "service" and query.whole(name):
            matched, told, *_ = query.met[name]
            score = _score(matched, known.name_weight[name], told, rest)
            if score >= NAMED:
                named.append((-score, number, name))
    named.sort()
    named = [one for one in named if one[0] == named[0][0]]
    if len(named) > SHARED_BY:
        return  # words that so many share name none
    for _, number, name in named:
        matched, told, *_ = query.met[name]
        service = known.things[number]
        for code in ours:
            yield Found(
                "answer",
                f"{code} {service.id}",
                f"{code}: {service.title}",
                known.pair_address(code, service),
                _score(
                    matched + CODE_WEIGHT * 100,
                    known.name_weight[name] + CODE_WEIGHT,
                    told + query.weight(query.code_bits) * 100,
                    query.total,
                )
                + (0 if query.asking else TOGETHER),
                code=code,
                services=(service.id,),
                ambiguous=query.known.ambiguous(name),
            )


def _visits(query: Query) -> "Iterator[Found]":
    """Services that are named in parts of the query between which an “and” stands."""
    known = query.known
    parts: dict[int, int] = {}
    for at, token in enumerate(query.tokens):
        parts[token.part] = parts.get(token.part, 0) | 1 << at
    within = [_whole_in(query, part) for part in parts.values()]
    named = [
        (at, name, bits) for at, found in enumerate(within) for name, bits in _apart(query, found)
    ]
    services = dict.fromkeys(known.thing_of[name] for _, name, _ in named)
    told = query.weight(sum(bits for _, _, bits in named))
    # Without an “and”, only a mere list of three things or more is one.
    listed = len(parts) == 1 and told >= LISTED * query.total and len(services) > 2
    if len(services) < 2 or (len({at for at, _, _ in named}) < 2 and not listed):
        return
    # One service whose name goes beyond a part, as in the merging of this and that, is meant alone.
    inside = {
        name
        for found in within
        for name, _, matched in found
        if matched >= query.met.get(name, (0,))[0]
    }
    loose = query.tokens[-1].loose
    for name, (_, _, bits, _) in query.met.items():
        beyond = name in known.of_services and name not in inside and query.whole(name)
        more = query.weight(bits) - told
        named_too = known.thing_of[name] in services
        if beyond and (loose or more > 0 or (more == 0 and named_too)):
            return
    things = [known.things[service] for service in services]
    score = _score(100, 1, told * 100, query.total) + TOGETHER
    yield _visit(things, score, any(query.known.ambiguous(name) for _, name, _ in named))


def _codes_together(query: Query) -> "Iterator[Found]":
    """The visit that several codes report, each by the service it is likeliest for."""
    known = query.known
    services = [known.service_of[code] for code in query.codes if code in known.service_of]
    if query.joined and len(set(services)) > 1:
        things = [known.things[at] for at in dict.fromkeys(services)]
        score = _score(100, 1, 100 * query.weight(query.code_bits), query.total) + TOGETHER
        yield _visit(things, score, False)


def _visit(things: list[Thing], score: float, ambiguous: bool) -> Found:
    ids = tuple(thing.id for thing in things)
    return Found(
        "visit",
        " ".join(ids),
        " + ".join(thing.title for thing in things),
        f"?did={','.join(ids)}",
        score,
        services=ids,
        ambiguous=ambiguous,
    )


def _whole_in(query: Query, part: int) -> list[tuple[int, int, int]]:
    """Names of services that stand whole in a part of the query, the most telling first.

    With their words, and what of the name is met.
    """
    known = query.known
    met: dict[int, _Met] = {}
    for at, token in enumerate(query.tokens):
        if part >> at & 1:
            _touch(known, met, at, token.stands, token.weight, services=True, denied=token.denied)
    whole = sorted(
        (-told, name in known.asks, name, bits, matched)
        for name, (matched, told, bits, _) in met.items()
        if matched >= WHOLE * 100 * known.name_weight[name]
    )
    return [(name, bits, matched) for _, _, name, bits, matched in whole]


def _apart(query: Query, whole: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Of these names those that share no word, in the order of their words.

    Beside another, what several services are called by says nothing more: a printed model is none
    of stone.
    """
    taken: list[tuple[int, int]] = []
    used = 0
    for name, bits, _ in whole:
        if not used & bits and not (taken and query.known.ambiguous(name)):
            taken.append((name, bits))
            used |= bits
    return sorted(taken, key=lambda one: one[1] & -one[1])
