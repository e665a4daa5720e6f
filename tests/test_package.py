"""What is published: what the wheel and the sdist carry, that they can be built again to the byte,
and that the library tests pass on the wheel as they do on the source."""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipapp
import zipfile
from collections.abc import Mapping
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
import yaml

import cdtref
from cdtref import library, model, paperwork
from tests.docs.conftest import ON_A_DAY

ROOT = Path(__file__).parents[1]
ADDRESSES = {
    "CDTREF_SITE_URL": "https://cdtref.example/",
    "CDTREF_REPO_URL": "https://git.example/cdtref/",
}


def built(
    folder: Path,
    *targets: str,
    says: Mapping[str, str] = {},
    source: Path = ROOT,
    day: str = "2026-01-05",
    mask: int = 0o022,
) -> list[Path]:
    """The files built into a folder, without the settings of whoever runs the tests."""
    chosen = [part for target in targets for part in ("--target", target)]
    command = [sys.executable, "-c", ON_A_DAY, day, "hatchling", "build", "-d", str(folder)]
    left_out = {*ADDRESSES, "SOURCE_DATE_EPOCH"}
    done = subprocess.run(
        [*command, *chosen],
        cwd=source,
        env={name: value for name, value in os.environ.items() if name not in left_out}
        | dict(says),
        umask=mask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return sorted(folder.iterdir())


LATER: dict[str, Any] = {"day": "2027-11-23", "mask": 0o077}
"""Somebody else, whose new files fewer people may read."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (found,) = built(tmp_path_factory.mktemp("wheel"), "wheel")
    return found


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the sdist as they are published, with the project's addresses."""
    wheel, sdist = built(tmp_path_factory.mktemp("published"), says=ADDRESSES)
    return wheel, sdist


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked, as an installer would."""
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def test_the_wheel_carries_the_library_and_what_it_reads_and_nothing_else(
    installed: Path,
) -> None:
    carried = {path.name for path in (installed / "cdtref").iterdir()}
    source = {path.name for path in (ROOT / "src/cdtref").glob("*.py")}
    kept = {"claimfiles", "knowledge.json", "released.json", "ledger.txt", "py.typed"}
    assert carried == source | kept
    carried = {path.name for path in (installed / "cdtref/claimfiles").iterdir()}
    source = {path.name for path in (ROOT / "src/cdtref/claimfiles").glob("*.py")}
    assert carried == source | {"columns.toml"}
    (metadata,) = installed.glob("*.dist-info")
    text = (metadata / "METADATA").read_text(encoding="utf-8")
    assert f"Version: {library.current().version}\n" in text
    for needed in message_from_string(text).get_all("Requires-Dist", []):
        assert "; extra == " in needed, needed
    for notice in ("LICENSE", "LICENSE-CONTENT", "NOTICE"):
        assert (metadata / "licenses" / notice).is_file()


def told_by(wheel: Path) -> str:
    """What a wheel says of itself."""
    with zipfile.ZipFile(wheel) as files:
        (name,) = (name for name in files.namelist() if name.endswith(".dist-info/METADATA"))
        return files.read(name).decode("utf-8")


def test_the_package_says_where_it_comes_from_if_whoever_builds_it_does(
    wheel: Path, published: tuple[Path, Path]
) -> None:
    assert message_from_string(told_by(published[0])).get_all("Project-URL") == [
        "Documentation, https://cdtref.example/",
        "Source, https://git.example/cdtref",
        "Issues, https://git.example/cdtref/issues",
        "Changelog, https://git.example/cdtref/blob/HEAD/CHANGELOG.md",
    ]
    unsaid = message_from_string(told_by(wheel))
    assert not [name for name in unsaid if "url" in name.lower() or "page" in name.lower()]


def test_the_package_names_the_pythons_that_it_is_tested_on() -> None:
    written = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    tested = yaml.safe_load(written)["jobs"]["test"]["strategy"]["matrix"]["python"]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    start = "Programming Language :: Python :: 3."
    named = [
        name.removeprefix("Programming Language :: Python :: ")
        for name in settings["project"]["classifiers"]
        if name.startswith(start)
    ]
    assert named == tested


def test_two_builds_on_different_days_are_the_same_byte_for_byte(
    published: tuple[Path, Path], tmp_path: Path
) -> None:
    again = built(tmp_path, says=ADDRESSES, **LATER)
    assert [path.name for path in again] == [path.name for path in published]
    for one, other in zip(published, again, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_the_sdist_carries_what_the_wheel_is_made_from_and_no_more(
    published: tuple[Path, Path],
) -> None:
    with tarfile.open(published[1]) as files:
        carried = {Path(*Path(name).parts[1:]) for name in files.getnames()}
    source = {
        path.relative_to(ROOT)
        for path in (ROOT / "src").rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not path.is_relative_to(ROOT / "src/cdtref/site")
    }
    beside = "CHANGELOG.md LICENSE LICENSE-CONTENT NOTICE README.md UPGRADING.md"
    made_by = "hatch_build.py pyproject.toml PKG-INFO .gitignore"
    assert carried == source | {Path(name) for name in (*beside.split(), *made_by.split())}


def test_the_sdist_makes_the_same_wheel_byte_for_byte(
    published: tuple[Path, Path], tmp_path: Path
) -> None:
    """Even for somebody who knows no address: the sdist says it."""
    wheel, sdist = published
    with tarfile.open(sdist) as files:
        files.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    (again,) = built(tmp_path / "made", "wheel", source=source, **LATER)
    assert again.read_bytes() == wheel.read_bytes()


def test_the_compiled_knowledge_is_that_of_the_source(installed: Path) -> None:
    text = (installed / "cdtref" / "knowledge.json").read_text(encoding="utf-8")
    compiled = library.Library(text)
    for kind in (*model.KINDS.values(), *paperwork.KINDS.values()):
        assert compiled.facts(kind) == library.current().facts(kind)


def test_the_library_tests_pass_on_the_wheel_without_any_dependency(installed: Path) -> None:
    program = (
        "import sys; sys.modules['msgspec'] = None; import cdtref, pytest;"
        f"assert cdtref.__file__.startswith({str(installed)!r}), cdtref.__file__;"
        "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '--noconftest', 'tests/library']))"
    )
    environment = os.environ | {"PYTHONPATH": str(installed)}
    tested = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout[-3000:] + tested.stderr[-3000:]
    assert " passed" in tested.stdout


ASK = (
    "import cdtref; print(cdtref.can_bill('D0470', 'intraoral-scan', on='2026-03-02').verdict, "
    "cdtref.denial('CO-97').id, cdtref.__version__)"
)


def ran(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False
    )


def test_the_library_works_from_a_zip_file(wheel: Path) -> None:
    told = ran("-c", ASK, PYTHONPATH=str(wheel))
    assert told.stdout.startswith("no bundled "), told.stderr


def test_the_library_works_in_a_zipapp(installed: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    shutil.copytree(installed / "cdtref", app / "cdtref")
    zipapp.create_archive(app, tmp_path / "app.pyz", main="cdtref.cli:main")
    asked = ("can-bill", "D0470", "intraoral-scan", "--on", "2026-03-02")
    told = ran("-I", str(tmp_path / "app.pyz"), *asked)
    assert told.stdout.startswith("NO: D0470"), told.stderr


@pytest.mark.parametrize("command", [["--version"], ["code"], ["can-bill", "D0470", "stone-cast"]])
def test_an_editable_install_without_the_build_tools_says_so_in_one_line(
    command: list[str],
) -> None:
    program = (
        "import sys; sys.modules['msgspec'] = None; from cdtref.cli import main;"
        f"sys.exit(main({command!r}))"
    )
    told = ran("-c", program, PYTHONPATH=str(ROOT / "src"))
    assert told.returncode == 2
    assert told.stdout == ""
    (line,) = told.stderr.splitlines()
    assert "needs msgspec" in line
    assert "pip install ." in line


def test_importing_the_library_reads_no_knowledge() -> None:
    program = (
        "import sys, cdtref; from cdtref import library; assert library._current is None;"
        "heavy = {'msgspec', 'tomllib', 'dataclasses', 'difflib', 'pathlib', 'inspect', 'typing'};"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()"
    )
    bare = [sys.executable, "-I", "-c", program]
    ran = subprocess.run(bare, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_every_public_name_is_exported_once_and_documented() -> None:
    assert sorted(cdtref.__all__) == sorted(set(cdtref.__all__))
    for name in cdtref.__all__:
        told = getattr(cdtref, name).__doc__
        assert told, name
        assert not told.startswith(f"{name}("), f"{name}: the docstring is Python's own"
