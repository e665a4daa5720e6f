"""The wheel: what it carries, and that the library tests pass on it as they do on the source."""

import os
import shutil
import subprocess
import sys
import zipapp
import zipfile
from pathlib import Path

import pytest

import cdtref
from cdtref import library, model, paperwork

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


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
    kept = {"knowledge.json", "released.json", "ledger.txt", "py.typed"}
    assert carried == source | kept
    (metadata,) = installed.glob("*.dist-info")
    text = (metadata / "METADATA").read_text(encoding="utf-8")
    assert f"Version: {library.current().version}\n" in text
    assert "Requires-Dist" not in text
    for notice in ("LICENSE", "LICENSE-CONTENT", "NOTICE"):
        assert (metadata / "licenses" / notice).is_file()


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
