"""What `import rag` offers, and what it costs."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import rag
from rag import errors, types


def loaded_by(code: str) -> set[str]:
    """The packages outside the standard library that `code` imports in a fresh process."""
    told = f"import sys; before = set(sys.modules); {code}; print(*{{name.split('.')[0] for name in set(sys.modules) - before}})"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(done.stdout.split()) - set(sys.stdlib_module_names)


def test_importing_loads_no_library() -> None:
    assert loaded_by("import rag") == {"rag"}


def test_errors_load_no_library() -> None:
    assert loaded_by("from rag import UsageError") == {"rag"}


def test_types_load_numpy_alone() -> None:
    assert "numpy" in loaded_by("from rag import Answer, Filters")
    assert loaded_by("from rag import Answer, Filters") <= {"rag", "numpy", "typing_extensions"}


@pytest.mark.parametrize("name", rag.__all__)
def test_each_name_is_there_and_explained(name: str) -> None:
    value = getattr(rag, name)
    assert value.__name__ == name
    assert (inspect.getdoc(value) or "").strip()
    assert not str(value.__doc__).startswith(f"{name}(")  # what a dataclass without a docstring gets
    assert name in dir(rag)


def test_names_are_the_same_to_a_type_checker() -> None:
    tree = ast.parse(Path(str(rag.__file__)).read_text("utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = [alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert sorted(seen, key=str.casefold) == sorted(rag.__all__, key=str.casefold)


def test_names_that_are_not_there_are_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Wrong'"):
        rag.Wrong  # noqa: B018


def test_all_errors_that_callers_meet_are_offered() -> None:
    found = {name for name, value in vars(errors).items() if inspect.isclass(value)}
    assert found - set(rag.__all__) == {"PromptTooLong"}  # met by answerers alone


def test_types_have_each_name_once() -> None:
    assert len(set(types.__all__)) == len(types.__all__)
    assert all(hasattr(types, name) for name in types.__all__)
