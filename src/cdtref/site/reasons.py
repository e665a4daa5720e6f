"""What the pages say of a denial: its reason, and the codes that a payer prints for it."""

import re
from string import ascii_uppercase
from typing import NamedTuple

import cdtref
from cdtref import Denial, Remedy, Remittance, RemittanceKind
from cdtref.words import label


def first_denials() -> list[Denial]:
    """The reasons one meets first with any code of this topic."""
    likely = ("bundled", "wrong-code", "no-purpose", "attachment", "not-covered", "frequency")
    return [cdtref.denial(id) for id in likely]


def remittances(denial: Denial) -> list[Remittance]:
    known = {code.id: code for code in cdtref.remittances()}
    return [known[id] for id in (*denial.carcs, *denial.rarcs, *denial.groups)]


def main_codes(denial: Denial) -> list[str]:
    """The codes that the title of a reason shows: two reasons at most, and no list of remarks.

    A code of several reasons says little alone; then the first remark that tells them apart.
    """
    known = remittances(denial)
    carcs = [code for code in known if code.kind is RemittanceKind.CARC][:2]
    rarcs = [code for code in known if code.kind is RemittanceKind.RARC]
    shared = len(for_code(carcs[0])) > 1
    return [code.code for code in (*carcs[: 1 if shared and rarcs else 2], *rarcs[:shared])]


def coded() -> list[Remittance]:
    """The codes that have a page, in the order of their numbers: reasons first, then remarks."""
    found = [code for code in cdtref.remittances() if code.kind is not RemittanceKind.GROUP]
    kinds = list(RemittanceKind)

    def place(code: Remittance) -> tuple[int, str, int]:
        number = code.code.lstrip(ascii_uppercase)
        return kinds.index(code.kind), code.code.removesuffix(number), int(number)

    return sorted(found, key=place)


def for_code(code: Remittance) -> tuple[Denial, ...]:
    """The reasons for which a payer may send a code."""
    if code.kind is RemittanceKind.CARC:
        return cdtref.denials(carc=code.code)
    return cdtref.denials(rarc=code.code)


def groups() -> list[str]:
    """The group codes, as a payer prints them before a CARC."""
    return [code.code for code in cdtref.remittances() if code.kind is RemittanceKind.GROUP]


def spellings(code: Remittance) -> list[str]:
    """A CARC as an explanation prints it, behind its group code. A remark has none."""
    if code.kind is not RemittanceKind.CARC:
        return []
    # Where our gloss ties the code to one group, another spelling would say the contrary.
    tied = [group for group in groups() if f"group {group}" in code.gloss]
    return [f"{group}-{code.code}" for group in tied or ("CO", "PR")]


def groups_before(code: Remittance) -> list[Remittance]:
    """The group codes one meets most before a CARC: they say who bears the amount."""
    printed = {spelled.partition("-")[0] for spelled in spellings(code)}
    return [group for group in cdtref.remittances() if group.code in printed]


def headline(gloss: str) -> tuple[str, str]:
    """A gloss cut in two: the words that head its page, and what is left to say."""
    head, mark, rest = re.split(r"([.;])(?: |$)", gloss, maxsplit=1)
    return head, f"{rest[:1].upper()}{rest[1:]}" if mark == ";" else rest


def denial_title(denial: Denial) -> str:
    return f"{denial.reason} ({', '.join(main_codes(denial))})"


def denial_description(denial: Denial) -> str:
    codes = " or ".join(main_codes(denial))
    return f"{codes} on a payer's explanation may mean “{denial.reason}”: {_first(denial)}."


def remittance_title(code: Remittance) -> str:
    printed = ", ".join(spellings(code))
    return f"{code.code}{f' ({printed})' if printed else ''}: {headline(code.gloss)[0]}"


def remittance_description(code: Remittance) -> str:
    printed = " or ".join(spellings(code)) or code.code
    head = headline(code.gloss)[0]
    return f"{printed} on a payer's explanation: {head[0].lower()}{head[1:]}."


def _first(denial: Denial) -> str:
    words = label(denial.first)
    return f"{words[0].lower()}{words[1:]}"


class Branch(NamedTuple):
    """What answers a denial if the line was wrong, or if it was right."""

    line: str
    """`wrong`, `right`, or nothing where the same answers both."""
    remedy: Remedy


def branches(denial: Denial) -> list[Branch]:
    """What to do if the line was wrong comes first: nobody appeals for what was a mistake."""
    mends = denial.remedy in (Remedy.CORRECTED_CLAIM, Remedy.WITHDRAW)
    wrong = [] if denial.otherwise is Remedy.NONE else [Branch("wrong", denial.otherwise)]
    line = "wrong" if mends else "right" if wrong else ""
    return [*wrong, Branch(line, denial.remedy)]
