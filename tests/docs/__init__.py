"""The checks on pages, and on the site that is built from them."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
