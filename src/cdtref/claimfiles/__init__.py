"""Claims as software sends them: whatever kind of file they come in, checked line by line."""

from .checking import FileCheck, check_columns, check_file
from .grouping import Checked
from .lines import NotRead
from .summary import Summary

__all__ = ["Checked", "FileCheck", "NotRead", "Summary", "check_columns", "check_file"]
