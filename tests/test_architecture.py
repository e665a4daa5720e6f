"""The page on how cdtref is built says what is there, and who may import whom is as it says.

The rules stand in `pyproject.toml`; `lint-imports` in `make test` holds the code to them.
"""

import re
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/about/architecture.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "src/cdtref"
UNBUILT = ("compiling", "site")
"""What the wheel does not carry."""
PLACE = re.compile(r"[\w.]+(?:/[\w.]+)*/|[\w./]+\.(?:py|toml|yml|md)")


def section(anchor: str) -> str:
    """What stands under a heading."""
    return PAGE.split(f"{{: #{anchor} }}\n")[1].split("\n## ")[0]


def named_in(cell: int, text: str) -> list[list[str]]:
    """What each row of a table names in a cell, as code."""
    rows = [line.split("|")[cell] for line in text.splitlines() if line.startswith("|")]
    return [named for row in rows if (named := re.findall(r"`([^`]+)`", row))]


def test_what_the_page_names_is_there() -> None:
    named = {name for name in re.findall(r"`([^`]+)`", PAGE) if PLACE.fullmatch(name)}
    drawn = {name for name in re.findall(r"<text[^>]*>([^<]+)<", PAGE) if PLACE.fullmatch(name)}
    assert named
    assert drawn
    for name in drawn:
        assert (ROOT / name).is_dir(), name
    for name in named:
        places = [folder / name for folder in (ROOT, PACKAGE)]
        assert any(place.is_dir() if name.endswith("/") else place.is_file() for place in places), (
            name
        )


def test_each_folder_is_named() -> None:
    """Each at the top, in the tests and in the package."""
    named = {name for row in named_in(2, section("where-things-stand")) for name in row}
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    folders = set()
    for parent in ("", "tests/", "src/cdtref/"):
        # A line that begins with a slash is of the top alone.
        names = [one.strip("/") for one in [*ignored, "/.git"] if not (parent and one[0] == "/")]
        for path in (ROOT / parent).iterdir():
            if path.is_dir() and not any(fnmatch(path.name, name) for name in names):
                folders.add(f"{parent.removeprefix('src/cdtref/')}{path.name}/")
    assert folders - {"src/", "tests/"} == named - {"src/cdtref/"}


def test_each_module_has_a_place_and_the_order_is_that_of_the_rule() -> None:
    told = named_in(1, section("what-may-import-what"))
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    placed = [name for row in told for name in row]
    assert sorted(placed) == sorted((modules | folders) - {"__init__"})

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers, *_ = settings["tool"]["importlinter"]["contracts"]
    assert told == [layer.split(" | ") for layer in layers["layers"]]
    assert layers["containers"] == ["cdtref"]
    assert layers["exhaustive"] is True
    assert layers["ignore_imports"] == ["cdtref.library -> cdtref.compiling"]


def test_the_library_imports_the_standard_library_alone() -> None:
    """Inside functions too. What only types need is not imported."""
    graph = grimp.build_graph(
        "cdtref",
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )
    foreign = {
        (module.removeprefix("cdtref."), name)
        for module in graph.modules
        if module.startswith("cdtref.")
        for name in graph.find_modules_directly_imported_by(module)
        if name.partition(".")[0] not in {"cdtref", *sys.stdlib_module_names}
    }
    unbuilt = {(module, name) for module, name in foreign if module.startswith(UNBUILT)}
    assert {module.split(".")[0] for module, _ in unbuilt} == {"compiling", "site"}
    assert foreign - unbuilt <= {("claimfiles.segments", "pyx12")}
