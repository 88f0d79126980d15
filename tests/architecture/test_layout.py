"""The rules of the layout that import-linter does not know."""

from __future__ import annotations

import ast
import configparser
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ("domain", "ports", "adapters", "entrypoints")
MOST_LINES = 300


def modules(*layers: str) -> Iterator[Path]:
    for layer in layers:
        yield from (ROOT / layer).rglob("*.py")


def packages_on_disk() -> set[str]:
    found = {file.parent.relative_to(ROOT) for file in modules(*LAYERS)}
    return {"taskdeck." + ".".join(folder.parts) for folder in found}


def packages_listed() -> set[str]:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    return set(config["options"]["packages"].split())


def test_every_package_is_listed() -> None:
    """A forgotten one works in an editable install and is missing from the wheel."""
    assert packages_listed() == packages_on_disk()


@pytest.mark.parametrize("package", sorted(packages_on_disk()))
def test_every_package_is_typed_and_says_what_it_is_for(package: str) -> None:
    folder = ROOT.joinpath(*package.split(".")[1:])
    assert (folder / "py.typed").exists()
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))


@pytest.mark.parametrize("module", list(modules(*LAYERS)), ids=lambda m: str(m.relative_to(ROOT)))
def test_modules_are_small(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= MOST_LINES


def imports_of(module: Path) -> Iterator[tuple[str, int]]:
    """Imported module names with the level of relative ones."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.level


def test_the_domain_imports_the_standard_library_only() -> None:
    foreign = {
        (module.name, name)
        for module in modules("domain")
        for name, level in imports_of(module)
        if level == 0 and name.split(".")[0] not in sys.stdlib_module_names
    }
    assert not foreign


def test_the_pure_domain_neither_waits_nor_looks_at_the_clock() -> None:
    forbidden = {"asyncio", "time", "random", "secrets", "os", "socket", "logging", "sqlite3"}
    found = {
        (module.name, name)
        for module in modules("domain")
        if module.parent.name != "services"
        for name, level in imports_of(module)
        if level == 0 and name.split(".")[0] in forbidden
    }
    assert not found


def test_layers_import_each_other_relatively() -> None:
    """The only way in which pip, editable installs, mypy and editors agree on one class."""
    absolute = {
        (module.name, name)
        for module in modules(*LAYERS)
        for name, level in imports_of(module)
        if level == 0 and name.split(".")[0] in ("taskdeck", *LAYERS)
    }
    assert not absolute
