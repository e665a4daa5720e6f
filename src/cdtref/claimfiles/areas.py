"""The area of the oral cavity on a claim, as an arch."""

from collections.abc import Iterable

_BOTH, _UPPER, _LOWER = "00", "01", "02"


def arch(areas: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The one area that stands for an arch, or both, and what is told of any other."""
    named = dict.fromkeys(area for area in areas if area)
    arches = [area for area in named if area in (_BOTH, _UPPER, _LOWER)]
    others = [ascii(area[:10]) for area in named if area not in arches]
    told = f"The area {' and '.join(others[:5])} is no whole arch; no arch was taken from it."
    return _BOTH if len(arches) > 1 else "".join(arches), (told,) if others else ()
