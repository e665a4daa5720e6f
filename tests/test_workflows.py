"""Nothing is published before the whole matrix has passed on that very commit.

What others could abuse in the workflows, and what is none, is for the linters of `make test`.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

WORKFLOWS = Path(__file__).parents[1] / ".github/workflows"
MATRIX = "$/.github/workflows/test.yml"


def jobs_of(name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(
        (WORKFLOWS / name).read_text(encoding="utf-8")
    )["jobs"]
    return found


def before(job: str, jobs: dict[str, dict[str, Any]]) -> set[str]:
    """Every job that has to pass first."""
    needs = jobs[job].get("needs", [])
    direct = {needs} if isinstance(needs, str) else set(needs)
    return direct.union(*(before(one, jobs) for one in direct))


@pytest.mark.parametrize("name", ["publish.yml", "release.yml"])
def test_whatever_may_write_waits_for_the_matrix(name: str) -> None:
    jobs = jobs_of(name)
    writers = [job for job in jobs if "write" in jobs[job].get("permissions", {}).values()]
    assert writers
    for job in writers:
        assert any(jobs[one].get("uses") == MATRIX for one in before(job, jobs)), job
        # With a condition of its own a job may run although one before it failed.
        assert not any("if" in jobs[one] for one in {job, *before(job, jobs)})


def test_no_other_workflow_may_write() -> None:
    for path in WORKFLOWS.glob("*.yml"):
        if path.name not in ("publish.yml", "release.yml"):
            for job in jobs_of(path.name).values():
                assert set(job["permissions"].values()) == {"read"}, path.name


def test_what_is_published_needs_somebody_to_approve_and_no_password() -> None:
    jobs = jobs_of("release.yml")
    (publish,) = (job for job in jobs.values() if "pypi-publish" in str(job))
    assert publish["environment"]["name"] == "pypi"
    assert publish["permissions"] == {"id-token": "write"}
    assert "secrets." not in str(jobs)
