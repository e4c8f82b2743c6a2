"""Settings: values only, from `DATELINE_…` environment variables. Nothing is built here; the environment is read here alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import UsageError
from rag.nearest import refuse_unknown

PREFIX = "DATELINE_"
PACKAGED, QUICK, READER, NONE = "packaged", "quick", "reader", "none"
NOT_SETTINGS = {"DATELINE_DATA"}  # where development data sets are; read by eval and tests only

MAX_QUESTION_CHARACTERS = 20_000
"""A longer question is refused: no question is that long, and every later step costs in proportion."""
MAX_K = 1_000
"""The most passages that one search returns; a larger `k` is refused."""

MAX_PAGE = 500
"""The most articles that one page of a listing has."""


class Settings(BaseSettings):
    """Every setting with its default; each is set by the environment variable `DATELINE_` + its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    index: Path = Field(
        default_factory=lambda: user_data_path("dateline", appauthor=False), description="the directory of the archive"
    )
    catalog: SecretStr | None = Field(
        None,
        description="the address of a PostgreSQL database that holds the catalog, postgresql+psycopg://USER:PASSWORD@HOST/NAME;"
        " without it the catalog is a file in the directory of the archive",
    )
    model: str = Field("sentence-transformers/all-MiniLM-L6-v2", description="the embedding model: a name or a folder")
    embed_url: str | None = Field(
        None, description="the address of a server with OpenAI's embeddings, which then has DATELINE_MODEL, as NAME@REVISION"
    )
    embed_key: SecretStr | None = Field(None, description="that server's key")
    embed_window: Annotated[int, Field(ge=16, le=1_000_000, description="how many tokens its model reads at once")] = 512
    chunk_tokens: Annotated[int, Field(ge=16, le=8192, description="the most tokens of one chunk")] = 200
    chunk_overlap: Annotated[int, Field(ge=0, le=4096, description="tokens that neighbouring chunks share")] = 0
    time_zone: str = Field("UTC", description="the zone whose calendar days the date filters mean")
    passages: Annotated[int, Field(ge=1, le=100, description="how many passages are read for an answer")] = 8
    answer_words: Annotated[
        int, Field(ge=10, le=1000, description="the most words of an answer, unless one sentence has more")
    ] = 60
    min_confidence: Annotated[float | None, Field(ge=0, le=1, description="the least confidence of an answer that is shown")] = (
        None
    )
    max_risk: Annotated[float | None, Field(gt=0, lt=1, description="the share of answers that may be wrong")] = None
    reader: str = Field(
        PACKAGED,
        description="what reads passages for answers: packaged, quick for the smaller of its two networks alone, a"
        " question-answering model of transformers, as OWNER/NAME@REVISION or a folder, or none for likeness of words",
    )
    reranker: str = Field(
        READER, description="what puts passages in order: reader, none, or a cross-encoder, as OWNER/NAME@REVISION or a folder"
    )
    llm: str = Field(
        NONE, description="the model that words answers: one of the server, local, local:FILE, or none for quotations"
    )
    llm_gguf: Path | None = Field(None, description="the GGUF file that local runs")
    llm_offered: tuple[str, ...] = Field((), description="a JSON list of further models that a visitor of the page may choose")
    llm_url: str = Field("http://127.0.0.1:11434/v1", description="the address of a server with OpenAI's chat completions")
    llm_key: SecretStr | None = Field(None, description="the server's key")
    llm_key_file: Path | None = Field(None, description="a file that holds the server's key")
    llm_connect_seconds: Annotated[float, Field(gt=0, le=600, description="seconds to wait for a connection")] = 5.0
    llm_first_seconds: Annotated[float, Field(gt=0, le=3600, description="seconds to wait for the first word of a server")] = 30.0
    llm_gap_seconds: Annotated[float, Field(gt=0, le=3600, description="seconds to wait between two words")] = 20.0
    llm_total_seconds: Annotated[float, Field(gt=0, le=3600, description="seconds that one answer of a model may take")] = 120.0
    llm_prompt_tokens: Annotated[int, Field(ge=300, le=1_000_000, description="the most tokens of a prompt")] = 3000
    llm_answer_tokens: Annotated[int, Field(ge=16, le=8192, description="the most tokens that a model may write")] = 400
    unsupported: Literal["remove", "strike"] = Field("remove", description="what is done with sentences that no source supports")
    traces: Path | None = Field(None, description="the folder that gets a trace of each answer")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="what is logged on standard error; info has a line for each answer, with its timings"
    )
    log_json: bool = Field(False, description="whether the log is JSON, one object a line")
    api_keys_file: Path | None = Field(None, description="a file of keys, one of which whoever is not on this machine must send")
    api_keys_loopback: bool = Field(False, description="whether programs on this machine must send a key too")
    api_key: SecretStr | None = Field(None, description="the key that this program sends to a server of Dateline")
    allowed_hosts: tuple[str, ...] = Field((), description="a JSON list of names under which browsers may call the server too")
    users_file: Path | None = Field(None, description="a file of who may read and who may edit; without it there is no login")
    questions_per_minute: Annotated[
        int | None, Field(ge=1, le=100_000, description="the most questions that one visitor may ask in a minute")
    ] = None
    root_path: str = Field("", description="the path below which a proxy passes the page on, as /archive")
    public_url: str | None = Field(None, description="the address under which others reach the server, for links to articles")
    busy_timeout: Annotated[float, Field(gt=0, le=600, description="seconds to wait for another process that writes")] = 30.0

    @field_validator("time_zone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("not a time zone of the IANA database; write for example Europe/London") from error
        return value

    @model_validator(mode="after")
    def _one_threshold(self) -> Settings:
        if self.min_confidence is not None and self.max_risk is not None:
            raise ValueError("DATELINE_MIN_CONFIDENCE and DATELINE_MAX_RISK both say when to answer; set one of them")
        return self

    @property
    def catalog_address(self) -> str | None:
        """With its password."""
        return self.catalog.get_secret_value() if self.catalog else None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def load_settings(**given: object) -> Settings:
    """The settings of this process; `given` values that are not None come before the environment's.

    Raises UsageError that names the setting.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    named = {name for name in os.environ if name.startswith(PREFIX) and name.upper() not in NOT_SETTINGS}
    refuse_unknown(sorted(name for name in named if name.upper() not in known), known, "setting")
    refuse_unknown(given, Settings.model_fields, "setting")
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        message = first["msg"].removeprefix("Value error, ")
        raise UsageError(f"{PREFIX}{str(first['loc'][0]).upper()}: {message}" if first["loc"] else message) from error
