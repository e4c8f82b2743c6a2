"""The program does not start on packages that are not Dateline's own, and names who brought them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

import ui.cli
from ui.cli.own import PACKAGES, foreign_package

START = "from ui.cli import main; main()"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of packages as pip leaves it: Dateline's, installed from a wheel, as far as it takes to start."""
    site = tmp_path / "site"
    for package in PACKAGES:
        write(site / package / "__init__.py", f'"""The {package} of Dateline."""\n')
    shutil.copytree(Path(ui.cli.__file__).parent, site / "ui" / "cli")
    write(site / "ui" / "cli" / "app.py", "def main():\n    print('started')\n")
    record(site, "dateline", PACKAGES)
    return site


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def record(site: Path, distribution: str, packages: tuple[str, ...]) -> None:
    files = [f"{package}/__init__.py" for package in packages]
    hashes = [urlsafe_b64encode(sha256((site / file).read_bytes()).digest()).rstrip(b"=").decode() for file in files]
    lines = [f"{file},sha256={digest},1" for file, digest in zip(files, hashes, strict=True)]
    write(site / f"{distribution}-1.0.dist-info" / "RECORD", "\n".join(lines))
    write(site / f"{distribution}-1.0.dist-info" / "METADATA", f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")


def start(*path: Path) -> subprocess.CompletedProcess[str]:
    """The program with these folders first on the path, and nothing else but the standard library."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    command = [sys.executable, "-S", "-c", START]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=path[0])


def test_this_very_program_runs_on_its_own_packages() -> None:
    assert foreign_package() is None


def test_an_installed_program_starts(site: Path) -> None:
    done = start(site)
    assert (done.returncode, done.stdout, done.stderr) == (0, "started\n", "")


def test_a_package_that_another_distribution_overwrote_is_named_with_its_owner(site: Path) -> None:
    write(site / "eval" / "__init__.py", "measures = []\n")
    record(site, "evaluator", ("eval",))
    done = start(site)
    assert done.returncode == 1
    assert "'eval' was overwritten by that of evaluator" in done.stderr
    assert "virtual environment" in done.stderr


def test_a_changed_file_that_nobody_else_owns_is_no_fault(site: Path) -> None:
    write(site / "rag" / "__init__.py", "changed = True\n")
    assert start(site).returncode == 0


@pytest.mark.parametrize("name", ["rag/__init__.py", "rag.py"])
def test_a_package_before_dateline_s_on_the_path_is_named_with_its_folder(site: Path, tmp_path: Path, name: str) -> None:
    write(tmp_path / "before" / name, "other = True\n")
    done = start(tmp_path / "before", site)
    assert done.returncode == 1
    assert str(tmp_path / "before") in done.stderr
    assert "'rag'" in done.stderr


def test_the_distribution_that_brought_such_a_package_is_named(site: Path, tmp_path: Path) -> None:
    write(tmp_path / "before" / "ingest" / "__init__.py", "")
    record(tmp_path / "before", "feeder", ("ingest",))
    assert "which feeder brought" in start(tmp_path / "before", site).stderr


def test_a_missing_package_is_named(site: Path) -> None:
    shutil.rmtree(site / "ingest")
    done = start(site)
    assert done.returncode == 1
    assert "'ingest' is missing" in done.stderr
