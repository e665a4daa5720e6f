"""What changed from one version to the next: the page, the feed, and a pull request's list."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree

import cdtref
from cdtref import Confidence, history
from cdtref.compiling import answers
from cdtref.site import changed
from tests.docs import ROOT

ATOM = {"a": "http://www.w3.org/2005/Atom"}
ADDRESS = "https://x.invalid/guide/"


def texts(feed: bytes, path: str) -> list[str]:
    return [str(one) for one in etree.fromstring(feed).xpath(path, namespaces=ATOM)]


def test_an_entry_for_each_version_the_newest_first() -> None:
    feed = changed.feed(ADDRESS)
    versions = [one.version for one in cdtref.releases()][:0:-1]
    titles = texts(feed, "//a:entry/a:title/text()")
    assert [title.partition(":")[0] for title in titles] == versions
    (newest,) = texts(feed, "/a:feed/a:updated/text()")
    stamps = texts(feed, "//a:entry/a:updated/text()")
    assert newest == stamps[0] == f"{cdtref.releases()[-1].date}T00:00:00Z"
    assert stamps == sorted(stamps, reverse=True)
    for stamp in stamps:
        assert dt.datetime.fromisoformat(stamp).tzinfo


def test_ids_stay_whatever_the_address_and_the_day() -> None:
    ids = texts(changed.feed(ADDRESS), "//a:id/text()")
    assert ids == texts(changed.feed(""), "//a:id/text()")
    assert len(set(ids)) == len(ids) == len(cdtref.releases())
    # Readers know an entry by this. It was published so.
    assert "urn:uuid:d5ba1bf9-81aa-5849-a2e2-662bc7bef1ac" in ids


def test_an_entry_tells_what_changed_and_leads_to_it() -> None:
    feed = changed.feed(ADDRESS)
    entry = "//a:entry[starts-with(a:title, '2026.11.2:')]"
    (content,) = texts(feed, f"{entry}/a:content/text()")
    (change,) = (
        c for c in cdtref.changes("2026.11.1", "2026.11.2") if c.after and c.after.verdict == "yes"
    )
    assert history.told(change) in content
    assert change.why in content
    (href,) = texts(feed, f"{entry}/a:link/@href")
    assert href == f"{ADDRESS}about/changes/#v2026-11-2"
    (same,) = texts(feed, "/a:feed/a:link[@rel='self']/@href")
    assert same == f"{ADDRESS}changes.xml"


def test_no_text_can_break_out_of_the_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = '</content><script>x</script>&"\x20]]>'
    monkeypatch.setattr(history, "told", lambda _: evil)
    feed = changed.feed(ADDRESS)
    assert not texts(feed, "//*[local-name()='script']")
    assert evil in "".join(texts(feed, "//a:content/text()"))


def test_only_what_one_would_act_on_is_told_in_full() -> None:
    for step in changed.steps():
        for group in step.told:
            before, after = group[0].before, group[0].after
            assert before
            assert after
            changed_verdict = before.verdict != after.verdict
            assert changed_verdict or after.verdict == "yes"
    (step,) = (s for s in changed.steps() if s.release.version == "2026.11.2")
    every = cdtref.changes("2026.11.1", "2026.11.2")
    assert len(every) == step.others + sum(map(len, step.told))


def test_the_published_feed_leads_to_the_page(site: Path) -> None:
    published = (site / "changes.xml").read_bytes()
    assert published == changed.feed("")
    page = (site / "about/changes/index.html").read_text(encoding="utf-8")
    for href in texts(published, "//a:entry/a:link/@href"):
        assert f'id="{href.partition("#")[2]}"' in page


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no history: this is no checkout")
def test_a_pull_request_shows_the_answers_that_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
    row = next(r for r in cdtref.verdicts() if r.verdict == "yes" and r.confidence == "high")
    (file,) = (copy / "src/cdtref/knowledge/services").glob(f"{row.service}.toml")
    text = file.read_text(encoding="utf-8")
    assert 'confidence = "high"' in text
    file.write_text(text.replace('confidence = "high"', 'confidence = "low"'), encoding="utf-8")

    def git(*given: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@x.invalid", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *given], cwd=copy, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "Say it is less sure")
    before = cdtref.from_json(answers.table("HEAD", copy), tuple[cdtref.VerdictRow, ...])
    found = [c for c in history.compare(before, cdtref.verdicts()) if c.code == row.code]
    assert any(c.before and c.before.confidence is Confidence.LOW for c in found)
    assert answers.main("HEAD") == 0
    told = capsys.readouterr().out
    assert "changed" in told
