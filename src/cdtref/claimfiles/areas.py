"""The area of the oral cavity on a claim, as an arch."""

from collections.abc import Iterable

_BOTH, _UPPER, _LOWER = "00", "01", "02"


def arch(areas: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The one area that stands for an arch, or both, and what is told of any other."""
    named = dict.fromkeys(area for area in areas if area)
    arches = [area for area in named if area in (_BOTH, _UPPER, _LOWER)]
    others = [area for area in named if area not in arches]
    shown = [repr(area) if len(area) == 2 and area.isdigit() else "given" for area in others[:5]]
    told = f"The area {' and '.join(shown)} is no whole arch; no arch was taken from it."
    return _BOTH if len(arches) > 1 else "".join(arches), (told,) if others else ()
