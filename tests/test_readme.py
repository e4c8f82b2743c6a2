"""README and documentation tell the truth: commands, options, settings, files, links and code in them do what they say."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from rag import Rag
from rag.settings import NOT_SETTINGS, PREFIX, Settings
from ui.cli.app import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
PAGES = {path: path.read_text() for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]}
ALL = "\n".join(PAGES.values())
COMMANDS = PAGES[ROOT / "docs" / "commands.md"]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMES = [command.name or "" for command in app.registered_commands] + [group.name or "" for group in app.registered_groups]
ROOT_OPTIONS = {"--debug", "--version", "--log-level", "--log-json", "--help", "-h"}
PROGRAMS = {".", "cd", "curl", "dateline", "export", "mkdocs", "pip", "python", "python3"}
"""What a line of shell may begin with: programs that come with Python, with Dateline or with its development tools, and curl."""
ROW = re.compile(r"^\| `dateline ask ([^`]+)` \| ([^|]+) \|", re.MULTILINE)


def blocks(text: str, language: str) -> list[str]:
    return [body.strip() for found, body in FENCED.findall(text) if found == language]


def shell_lines() -> list[list[str]]:
    """The words of every command in a shell block, without the variables that are set for it and what its output goes to."""
    lines = [part for block in blocks(ALL, "sh") for line in block.splitlines() for part in line.split("&&")]
    words = [shlex.split(line.partition(" > ")[0]) for line in lines]
    return [[word for word in line if not re.match(r"[A-Z_]+=", word)] if line[0] != "export" else line for line in words]


def invocations() -> list[list[str]]:
    """The words behind each `dateline` in shell blocks and in inline code."""
    inline = re.findall(r"`(dateline [^`]+)`", FENCED.sub("", ALL))
    lines = [line for line in shell_lines() if Path(line[0]).name == "dateline"] + [shlex.split(line) for line in inline]
    return [line[1:] for line in lines if len(line) > 1]


def options_of(name: str) -> set[str]:
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    parameters = [each for one in [command, *getattr(command, "commands", {}).values()] for each in one.params]
    options = {option for each in parameters for option in [*each.opts, *each.secondary_opts]}
    return {option for option in options if option.startswith("-")}


def examples() -> list[tuple[Path, str]]:
    return [(path, body) for path, text in PAGES.items() for body in blocks(text, "python")]


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w]+", "-", re.sub(r"[^\w\s-]", "", heading.lower())).strip("-") for heading in headings}


def test_the_readme_can_be_read_in_two_minutes() -> None:
    assert len(README.splitlines()) <= 150


def test_the_first_two_commands_install_run_the_demo_and_run_the_tests() -> None:
    demo, tests = blocks(README, "sh")[:2]
    assert "\n" not in demo + tests, "each is one command"
    assert demo.endswith("dateline demo")
    assert tests.endswith("python -m pytest")
    assert all("-c constraints.txt" in command for command in (demo, tests))


def test_ci_runs_the_first_two_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    reader = re.search(r"^readme_block\(\) .*$", script, re.MULTILINE)
    assert reader
    for number, block in enumerate(blocks(README, "sh")[:2], start=1):
        done = subprocess.run(
            ["bash", "-c", f"{reader.group()}\nreadme_block {number}"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == block


def test_every_command_is_in_the_table() -> None:
    assert re.findall(r"^\| `dateline ([a-z]+)", COMMANDS, re.MULTILINE) == NAMES


def test_options_in_the_table_are_the_command_s_own() -> None:
    for name, text in re.findall(r"^\| `dateline ([a-z]+)[^`]*` \|(.*)\|$", COMMANDS, re.MULTILINE):
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", " ".join(re.findall(r"`([^`]+)`", text)))) <= options_of(name)


@pytest.mark.parametrize("words", shell_lines(), ids=" ".join)
def test_every_shell_command_exists(words: list[str]) -> None:
    program = words[0].rpartition("/")[2]
    assert program in PROGRAMS
    if program == "python" and words[1] == "-m":
        assert find_spec(words[2]), f"there is no module {words[2]}"


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m (eval\.\w+)", ALL))))
def test_every_measure_named_can_be_run(module: str) -> None:
    spec = find_spec(module)
    assert spec
    assert spec.origin
    assert '__name__ == "__main__"' in Path(spec.origin).read_text()


@pytest.mark.parametrize("words", invocations(), ids=" ".join)
def test_every_command_and_option_named_exists(words: list[str]) -> None:
    if words[0].startswith("-"):
        assert words[0] in ROOT_OPTIONS
    elif words[0] != "COMMAND":
        assert words[0] in NAMES
        assert {word for word in words[1:] if re.match("--?[a-z]", word)} <= options_of(words[0]) | ROOT_OPTIONS


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_told_of(name: str) -> None:
    told = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", ALL))
    assert options_of(name) - {"--help", "-h"} <= told


def test_every_setting_is_named_and_no_other() -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", ALL))
    assert named - NOT_SETTINGS == {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_link_leads_somewhere() -> None:
    for path, text in PAGES.items():
        for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
            file, _, anchor = target.partition("#")
            found = path.parent / file if file else path
            assert found.exists(), f"{path.name}: {target}"
            assert not anchor or anchor in anchors(found.read_text()), f"{path.name}: {target}"


def test_the_tree_of_the_folders_is_that_of_the_checkout() -> None:
    (tree,) = (body for body in blocks(PAGES[ROOT / "CONTRIBUTING.md"], "text") if "pipeline.py" in body)
    folder = ROOT
    for indent, names in re.findall(r"^( *)(.+?)(?: {2,}|$)", tree, re.MULTILINE):
        for name in names.split(", "):
            assert (folder / name if indent else ROOT / name).exists(), name
        folder = folder if indent else ROOT / names


def test_every_page_is_in_the_navigation() -> None:
    pages = [file for entry in yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"] for file in entry.values()]
    assert sorted(pages) == sorted(path.name for path in PAGES if path.parent == ROOT / "docs")


def test_figures_of_the_readme_are_those_of_the_evaluation() -> None:
    figures = re.findall(r"^\| [^|]+ \| ([\d.]+[^|]*) \|$", README.partition("## How good is it?")[2], re.MULTILINE)
    assert len(figures) == 5
    measured = PAGES[ROOT / "docs" / "evaluation.md"]
    assert [figure for figure in figures if not re.search(rf"(?<![\d.]){re.escape(figure.split(' ms')[0])}", measured)] == []


@pytest.mark.parametrize(("path", "example"), examples(), ids=lambda each: each.name if isinstance(each, Path) else "")
def test_the_python_examples_run(path: Path, example: str, own_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own_archive.parent)
    own_archive.rename("archive")
    names: dict[str, Any] = {}
    exec(compile(example, path.name, "exec"), names)
    assert names["Rag"] is Rag


def test_the_questions_to_try_get_the_answers_that_the_readme_tells(own_archive: Path) -> None:
    rows = ROW.findall(README)
    assert len(rows) == 5
    with Rag.open(own_archive) as rag:
        for words, expected in rows:
            question, *rest = shlex.split(words)
            options = dict(zip(rest[::2], rest[1::2], strict=True))
            answer = rag.ask(question, until=options.get("--until"))
            said = answer.text if answer.status == "answered" else "no answer"
            assert expected.strip("*") in f"{answer.short_answer} {said}"


def test_the_answer_that_the_readme_shows_is_what_the_archive_says(own_archive: Path) -> None:
    (shown,) = blocks(README, "text")
    asked, *lines = shown.splitlines()
    with Rag.open(own_archive) as rag:
        answer = rag.ask(shlex.split(asked)[3])
    (citation,) = answer.citations
    assert lines[0] == answer.short_answer
    assert lines[1] == f"{answer.text} [1]"
    assert lines[2].startswith(f"Quite sure ({answer.confidence:.0%}) · ")
    assert str(citation.source.title) in lines[4]
    assert citation.source.id in lines[6]


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
