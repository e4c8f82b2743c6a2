"""The README tells the truth: its commands, options, settings, files and code exist and do what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

from rag.settings import NOT_SETTINGS, PREFIX, Settings
from ui.cli.app import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
SHELL = [body.strip() for language, body in BLOCKS if language == "sh"]
NAMES = [command.name or "" for command in app.registered_commands] + [group.name or "" for group in app.registered_groups]
ROOT_OPTIONS = {"--debug", "--version", "--help", "-h"}


def options_of(name: str) -> set[str]:
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    commands = [command, *getattr(command, "commands", {}).values()]
    return {option for each in commands for parameter in each.params for option in parameter.opts if option.startswith("-")}


def invocations() -> list[list[str]]:
    """The words behind each `dateline` in the README's shell blocks and in its inline code."""
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL))
    lines = [part for block in SHELL for line in block.splitlines() for part in line.split("&&")] + inline
    words = [shlex.split(line.partition(" > ")[0].strip()) for line in lines if re.match(r"\s*(\S*/)?dateline\b", line)]
    return [found[1:] for found in words if len(found) > 1]


def test_the_first_two_commands_install_run_the_demo_and_run_the_tests() -> None:
    demo, tests = SHELL[:2]
    assert "\n" not in demo + tests, "each is one command"
    assert demo.endswith("dateline demo")
    assert tests.endswith("python -m pytest")
    assert all("-c constraints.txt" in command for command in (demo, tests))


def test_ci_runs_the_first_two_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    reader = re.search(r"^readme_block\(\) .*$", script, re.MULTILINE)
    assert reader
    for number, block in enumerate(SHELL[:2], start=1):
        done = subprocess.run(
            ["bash", "-c", f"{reader.group()}\nreadme_block {number}"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == block


def test_every_command_is_in_the_table() -> None:
    table = re.findall(r"^\| `dateline ([a-z]+)", README, re.MULTILINE)
    assert table == NAMES


@pytest.mark.parametrize("words", invocations(), ids=" ".join)
def test_every_command_and_option_named_exists(words: list[str]) -> None:
    if words[0].startswith("-"):
        assert words[0] in ROOT_OPTIONS
    else:
        assert words[0] in NAMES
        assert {word for word in words[1:] if re.match("--?[a-z]", word)} <= options_of(words[0])


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_told_of(name: str) -> None:
    told = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", README))
    assert options_of(name) - {"--help", "-h"} <= told


def test_options_in_the_table_are_the_command_s_own() -> None:
    for name, text in re.findall(r"^\| `dateline ([a-z]+)[^`]*` \|(.*)\|$", README, re.MULTILINE):
        assert set(re.findall(r"--?[a-z][a-z-]*", " ".join(re.findall(r"`([^`]+)`", text)))) <= options_of(name)


def test_every_setting_is_named_and_no_other() -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", README))
    assert named - NOT_SETTINGS == {PREFIX + name.upper() for name in Settings.model_fields}


def test_the_tree_and_the_links_exist() -> None:
    for folder in re.findall(r"^(\w+)/ {2,}", README, re.MULTILINE):
        assert (ROOT / folder).is_dir()
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / target).exists()


def test_the_python_example_runs(own_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = (body for language, body in BLOCKS if language == "python")
    monkeypatch.chdir(own_archive.parent)
    own_archive.rename("archive")
    names: dict[str, Any] = {}
    exec(compile(example, "README.md", "exec"), names)
    assert names["passages"]


def test_constraints_pin_every_dependency_once() -> None:
    pins = [line.partition("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    names = [re.sub(r"[-_.]+", "-", name).lower() for name, _, _ in pins]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[\w.]+", version) for _, _, version in pins), "no local builds, no URLs"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"], *(one for group in project["optional-dependencies"].values() for one in group)]
    wanted = {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ;]", one)[0]).lower() for one in needed} - {project["name"]}
    assert wanted <= set(names)


def test_the_changelog_has_the_version_of_the_package() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()
