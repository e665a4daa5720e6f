"""Collects the examples of the documentation as tests."""

from tests.docs.examples import DOCSTRINGS, PAGES

pytest_collect_file = (PAGES + DOCSTRINGS).pytest()
