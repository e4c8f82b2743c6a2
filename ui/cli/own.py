"""Whether the packages in use are Dateline's own. Nothing of them is imported here: it runs before anything else can fail.

`rag`, `ingest`, `ui` and `eval` are common names. Another distribution that installs one of them, or a folder of that name on
PYTHONPATH, takes the place of Dateline's, and what follows is an ImportError that says nothing of the cause.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, PackagePath, distribution, packages_distributions
from importlib.util import find_spec
from pathlib import Path

NAME = "dateline"
PACKAGES = ("rag", "ingest", "ui", "eval")
HOME = Path(__file__).parents[2]
"""The folder in which this very file's package stands: its three sisters stand there too."""


def foreign_package(home: Path = HOME, packages: Iterable[str] = PACKAGES) -> str | None:
    """What is wrong with the first of `packages` that is not Dateline's, and what to do; None where all are."""
    recorded = _read_records()
    for package in packages:
        place = _place(package)
        if place is None:
            return f"its package {package!r} is missing; install it again"
        if place.resolve() != (home / package / "__init__.py").resolve():
            where = place.parent if place.name == "__init__.py" else place
            return f"the package {package!r} in use is {where}, {_owners(package)}, not Dateline's own; {_advice(package)}"
        if (entry := recorded.get(package)) and not _is_as_recorded(entry, place) and (others := _others(package)):
            return f"its package {package!r} was overwritten by that of {' and '.join(others)}; {_advice(package)}"
    return None


def _place(package: str) -> Path | None:
    """The file of a top-level package or module, which is not imported for that."""
    spec = find_spec(package)
    if spec is None:
        return None
    folders = list(spec.submodule_search_locations or ())
    return Path(spec.origin or Path(folders[0]) / "__init__.py") if spec.origin or folders else None


def _read_records() -> dict[str, PackagePath]:
    """The first file of each package as the wheel brought it. A checkout and an editable install have no such record."""
    try:
        files = distribution(NAME).files or []
    except PackageNotFoundError:
        return {}
    wanted = {f"{package}/__init__.py": package for package in PACKAGES}
    return {wanted[str(each)]: each for each in files if str(each) in wanted and each.hash}


def _is_as_recorded(entry: PackagePath, place: Path) -> bool:
    """Also true where `place` is another file than the recorded one: a checkout on PYTHONPATH before the installed wheel."""
    if entry.hash is None or Path(str(entry.locate())).resolve() != place.resolve():
        return True
    digest = hashlib.new(entry.hash.mode, place.read_bytes()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode() == entry.hash.value


def _others(package: str) -> list[str]:
    return sorted({name for name in packages_distributions().get(package, ()) if name.lower() != NAME})


def _owners(package: str) -> str:
    others = _others(package)
    return f"which {' and '.join(others)} brought" if others else "which no installed distribution owns"


def _advice(package: str) -> str:
    return f"install Dateline in a virtual environment of its own, and keep folders named {package!r} out of PYTHONPATH"
