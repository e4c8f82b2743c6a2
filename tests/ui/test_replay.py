"""A language model that says again what a trace has of it."""

from __future__ import annotations

import pytest

from rag.types import Prompt
from ui.cli.replay import RecordedModel
from ui.render import Json

WRITING: Json = {"model": "small", "prompt": {"system": "Answer."}, "raw": "It sank [1]."}


def said(saved: Json, system: str) -> list[str]:
    return list(RecordedModel(saved).stream(Prompt(system, "", 9)))


@pytest.mark.parametrize("by", ["rules", None])
def test_what_rules_made_of_a_question_is_not_said_by_a_model(by: str | None) -> None:
    saved: Json = {"writing": WRITING, "rewritten_by": by, "standalone_question": "What sank in June?"}
    assert said(saved, "Answer.") == ["It sank [1]."]
    assert said(saved, "Rewrite.") == []


@pytest.mark.parametrize("writing", [WRITING, None])
def test_a_rewrite_is_said_again_whether_or_not_an_answer_was_written(writing: Json | None) -> None:
    saved: Json = {"writing": writing, "rewritten_by": "llm:small", "standalone_question": "What sank in June?"}
    assert RecordedModel(saved).name == "small"
    assert said(saved, "Rewrite.") == ["What sank in June?"]
    assert said(saved, "Answer.") == (["It sank [1]."] if writing else ["What sank in June?"])
