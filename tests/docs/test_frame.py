"""The frame of the pages says what the knowledge says, with either builder."""

from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.exceptions import BuildError

import cdtref
from cdtref.model import long_date
from cdtref.site import views
from cdtref.site.macros import _fill_frame


class MkDocsEnv(SimpleNamespace):
    pass


class ZensicalEnv(SimpleNamespace):
    pass


ZensicalEnv.__module__ = "zensical.extensions.macros"


def extra(**changes: str) -> dict[str, Any]:
    return {"generator": False, "social": [{}], **views.frame(), **changes}


def test_mkdocs_takes_the_frame_from_the_knowledge() -> None:
    env = MkDocsEnv(conf={"extra": extra(until="2001-12-31", edition="CDT 2001")})
    _fill_frame(env)
    assert env.conf["extra"] == extra()


def test_zensical_refuses_a_frame_that_is_out_of_date() -> None:
    _fill_frame(ZensicalEnv(conf={"extra": extra()}))
    for stale in ({"until": "2001-12-31"}, {"announced": "x"}, {"verified": "May 2001"}):
        with pytest.raises(BuildError, match=f'until: "{views.day()}"'):
            _fill_frame(ZensicalEnv(conf={"extra": extra(**stale)}))


def test_the_line_is_shown_from_a_month_before_the_first_day_that_is_not_answered() -> None:
    end = views.end()
    assert (end.after - end.until).days == 1
    assert end.shown_from.day == end.after.day
    assert 28 <= (end.after - end.shown_from).days <= 31
    frame = views.frame()
    assert frame["until_words"] == long_date(cdtref.editions()[-1].until)
    assert frame["after_words"] == long_date(end.after)
