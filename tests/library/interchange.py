"""Files of X12 made up for the tests: no text of any guide, and nobody in them."""

from collections.abc import Iterable

PERSONAL = "Zyxwv"
"""Stands wherever a person would be named."""

ISA = (
    "ISA*00*          *00*          *ZZ*OFFICE         *ZZ*PAYER          *260302*1200*^*00501*"
    "000000001*0*P*:~"
)
DENTAL = "005010X224A2"
BEFORE = (
    "BHT*0019*00*1*20260302*1200*CH",
    "HL*1**20*1",
    f"NM1*85*2*{PERSONAL}*****XX*1234567893",
    "HL*2*1*22*0",
    f"SBR*P*18*{PERSONAL}******CI",
    f"NM1*IL*1*{PERSONAL}*{PERSONAL}****MI*{PERSONAL}",
    f"N3*{PERSONAL}",
    "DMG*D8*19900101*F",
)


def claim(label: str, *segments: str) -> tuple[str, ...]:
    """A claim, with notes and names in the places where files have them."""
    first, *rest = segments or ("",)
    begun = (f"CLM*{label}*300***11:B:1*Y*A*Y*Y", f"REF*G1*{PERSONAL}", f"NTE*ADD*{PERSONAL}")
    return tuple(filter(None, (*begun, first, *rest)))


def transaction(
    *segments: str, version: str = DENTAL, identifier: str = "837", number: str = "0001"
) -> tuple[str, ...]:
    inside = (f"ST*{identifier}*{number}*{version}", *BEFORE, *segments)
    return (*inside, f"SE*{len(inside) + 1}*{number}")


def group(
    *transactions: Iterable[str], version: str = DENTAL, number: str = "1"
) -> tuple[str, ...]:
    segments = [segment for one in transactions for segment in one]
    begun = f"GS*HC*OFFICE*PAYER*20260302*1200*{number}*X*{version}"
    return (begun, *segments, f"GE*{len(transactions)}*{number}")


def written(*groups: Iterable[str], signs: str = "*:~", newline: str = "\n") -> str:
    """An interchange as text, parted by the signs of elements, components and segments."""
    segments = [ISA[:-1], *(segment for one in groups for segment in one)]
    segments.append(f"IEA*{len(groups)}*000000001")
    text = "".join(f"{segment}~{newline}" for segment in segments)
    return text.translate(str.maketrans("*:~", signs))


def dental(*segments: str, **how: str) -> str:
    """A file of one transaction of dental claims."""
    return written(group(transaction(*segments)), **how)
