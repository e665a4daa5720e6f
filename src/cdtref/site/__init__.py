"""Turns knowledge into pages. Used by the build of the site; not part of the installed package."""
