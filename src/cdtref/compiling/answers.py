"""Which answers differ from those of a commit: `make answers BASE=origin/main`.

What a pull request changes is reviewed as a change of answers, not of lines.
"""

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from cdtref import cli

ROOT = Path(__file__).parents[3]
_TABLE = "import cdtref; print(cdtref.to_json(cdtref.verdicts()))"


def table(commit: str, root: Path = ROOT) -> str:
    """The truth table of a commit as JSON text, worked out by the code and knowledge of its day."""
    given = ["git", "archive", commit, "src"]
    packed = subprocess.run(given, cwd=root, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        environment = os.environ | {"PYTHONPATH": str(Path(folder, "src"))}
        asked = [sys.executable, "-c", _TABLE]
        done = subprocess.run(asked, cwd=folder, env=environment, check=True, capture_output=True)
    return done.stdout.decode("utf-8")


def main(commit: str) -> int:
    """Tell the answers that changed since a commit. To change some is no failure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "before.json")
        path.write_text(table(commit), encoding="utf-8")
        return 2 if cli.main(["changes", str(path)]) > 1 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
