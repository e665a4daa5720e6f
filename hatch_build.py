"""Puts the compiled knowledge into the wheel, and the project's addresses into its metadata."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class CompileKnowledge(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles the knowledge, and refuses to build when it does not hold together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # reads the TOML itself, so that it is never stale
            return
        sys.path.insert(0, str(Path(self.root, "src")))
        from cdtref.compiling import compiled_text

        self._folder = tempfile.TemporaryDirectory()
        compiled = Path(self._folder.name, "knowledge.json")
        compiled.write_text(compiled_text(), encoding="utf-8")
        build_data["force_include"][str(compiled)] = "cdtref/knowledge.json"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()


class Addresses(MetadataHookInterface):
    """Where the site and the source stand, from the variables that the site is built with too.

    Whoever builds without them, such as a fork, claims no address.
    """

    def update(self, metadata: dict[str, Any]) -> None:
        site = os.environ.get("CDTREF_SITE_URL", "")
        source = os.environ.get("CDTREF_REPO_URL", "").rstrip("/")
        metadata["urls"] = {}
        if site:
            metadata["urls"]["Documentation"] = site
        if source:
            metadata["urls"] |= {
                "Source": source,
                "Issues": f"{source}/issues",
                "Changelog": f"{source}/blob/HEAD/CHANGELOG.md",
            }
