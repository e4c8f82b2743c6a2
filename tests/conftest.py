"""What every test shares: a machine of its own (home, caches, settings, no network), the models, an archive of the sample."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from rag.embed import SentenceEmbedder
from rag.settings import NOT_SETTINGS, PREFIX, QUICK, load_settings
from tests.left_out import LeftOut
from tests.loaded_once import load_models_once
from tests.small_model import Unobtainable
from tests.small_model import small_model as fetch_small_model

settings.register_profile("patient", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=25)
settings.load_profile("quick")  # `.ci/run` asks for the other one

SAMPLE = Path(__file__).parents[1] / "eval" / "sample"


pytest_plugins = ["tests.postgres"]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(LeftOut(config))
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported: one process a core, one thread a process


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser and those that run a real language model are long ones."""
    for item in items:
        if item.get_closest_marker("browser") or "small_model" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def _own_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting, home or cache of whoever runs the tests reaches them or the processes they start; the quick reader reads."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith((PREFIX, "XDG_")) and name not in NOT_SETTINGS]:
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("DATELINE_READER", QUICK)  # what is tried is seldom the reader; tests of both readers together name them
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        yield


@pytest.fixture(scope="session", autouse=True)
def _models_once() -> Iterator[None]:
    """However many archives are opened, each process loads the packaged models once."""
    with pytest.MonkeyPatch.context() as patch:
        load_models_once(patch)
        yield


@pytest.fixture(scope="session")
def sample_dir() -> Path:
    """The packaged sample: `articles/` and its gold questions."""
    return SAMPLE


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    """The packaged model, loaded once."""
    return SentenceEmbedder(load_settings().model)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all worker processes of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def made_archive(shared_folder: Path, sample_dir: Path) -> Path:
    """An archive of the sample articles, made by the first process that wants one. Nobody opens it: see `sample_archive`."""
    from ingest.pipeline import ingest

    directory, made = shared_folder / "sample archive", shared_folder / "sample archive is made"
    with FileLock(shared_folder / "sample archive.lock"):
        if not made.exists():
            ingest([str(sample_dir / "articles")], directory, load_settings(index=directory), embedder=SentenceEmbedder())
            made.touch()
    return directory


@pytest.fixture(scope="session")
def sample_archive(made_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This process's copy of an archive of the sample articles. Nobody changes it or keeps it open: see `own_archive`."""
    return Path(shutil.copytree(made_archive, tmp_path_factory.mktemp("sample") / "archive"))


@pytest.fixture
def own_archive(made_archive: Path, tmp_path: Path) -> Path:
    """A copy of the sample archive that a test may change, damage or keep open."""
    return Path(shutil.copytree(made_archive, tmp_path / "own archive"))


@pytest.fixture(scope="session")
def small_model(pytestconfig: pytest.Config) -> Path:
    """The GGUF file of a real language model; tests that want it are skipped where it, or what runs it, cannot be had."""
    pytest.importorskip("xllamacpp", reason='xllamacpp is not installed: pip install "dateline[local]"')
    folder = pytestconfig.cache.mkdir("small_model")
    try:
        with FileLock(folder / ".lock"):
            return fetch_small_model(folder)
    except Unobtainable as error:
        pytest.skip(f"the small language model cannot be had: {error}")
