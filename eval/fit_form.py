"""Fit what tells the form of a question, and write rag/story/form.json.

    python -m eval.fit_form

The questions are eval/sample/forms.jsonl; those held back are only measured, never fitted on. Printed are the accuracy on them,
with its interval, and each that is told wrongly.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from eval.metrics.intervals import mean_interval
from eval.terminal import run, say, table
from rag.errors import InputError
from rag.forms import FORMS, Form
from rag.story.features import features
from rag.story.form import FormModel, value

OUT = Path("rag/story/form.json")
SET = "forms.jsonl"
SEEN = 2
"""An n-gram counts when at least so many of the questions have it."""
REGULARISATION = 3.0


@dataclass(frozen=True, slots=True)
class FormExample:
    """A question, the outlets of its archive that it names, and the form that its answer should have."""

    question: str
    form: Form
    outlets: tuple[str, ...] = ()
    held_back: bool = False


def load_asked(text: str) -> list[FormExample]:
    """The questions of a set, one JSON object a line. Raises InputError for a form that there is not."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        raw = json.loads(line)
        if raw["form"] not in FORMS:
            raise InputError(f"line {number}: {raw['form']!r} is no form; it is one of {', '.join(FORMS)}")
        found.append(FormExample(raw["question"], raw["form"], tuple(raw.get("outlets", ())), bool(raw.get("held_back"))))
    return found


def fit_model(asked: Sequence[FormExample]) -> FormModel:
    """The model of these questions. Raises InputError when a form has none."""
    if missing := set(FORMS) - {one.form for one in asked}:
        raise InputError(f"no question is of the form {', '.join(sorted(missing))}; add some to {SET}")
    from sklearn.linear_model import LogisticRegression

    of_each = [features(one.question, one.outlets) for one in asked]
    counts = Counter(feature for some in of_each for feature in some)
    names = sorted(feature for feature, count in counts.items() if count >= SEEN or feature.startswith("cue "))
    rows = {feature: row for row, feature in enumerate(names)}
    matrix: NDArray[np.float64] = np.zeros((len(asked), len(names)))
    for place, some in enumerate(of_each):
        for feature in some & rows.keys():
            matrix[place, rows[feature]] = value(feature)
    found = LogisticRegression(C=REGULARISATION, max_iter=3000).fit(matrix, [one.form for one in asked])
    return FormModel(tuple(found.classes_), rows, np.asarray(found.coef_.T, np.float64), np.asarray(found.intercept_, np.float64))


def save(model: FormModel, path: Path) -> None:
    """Features that tell nothing are left out, and the rest rounded: the file is read at the first question."""
    kept: dict[str, list[float]] = {}
    for feature, row in model.rows.items():
        weights = [round(float(weight), 2) for weight in model.weights[row]]
        if any(weights):
            kept[feature] = weights
    raw: dict[str, Any] = {"forms": list(model.forms), "bias": [round(float(one), 3) for one in model.bias], "weights": kept}
    path.write_text(json.dumps(raw, separators=(",", ":"), ensure_ascii=False).replace('],"', '],\n"') + "\n", "utf-8")


def main(
    questions: Annotated[Path | None, typer.Argument(help="Another set of questions.")] = None,
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = OUT,
) -> None:
    """Fit the form of questions."""
    text = questions.read_text("utf-8") if questions else (files("eval.sample") / SET).read_text("utf-8")
    asked = load_asked(text)
    model = fit_model([one for one in asked if not one.held_back])
    save(model, out)
    held = [one for one in asked if one.held_back]
    if not held:
        return
    told = [(one, model.form(one.question, one.outlets)) for one in held]
    right = [float(one.form == form) for one, form in told]
    interval = mean_interval(right)
    say(f"{len(asked) - len(held)} questions fitted on, {len(held)} held back: accuracy {np.mean(right):.3f} ({interval})")
    counted = [(form, [one.form == got for one, got in told if one.form == form]) for form in FORMS]
    say(table(("form", "questions", "right"), [(form, str(len(some)), f"{np.mean(some):.2f}") for form, some in counted if some]))
    for one, form in told:
        if one.form != form:
            say(f"{one.form} told as {form}: {one.question}")


if __name__ == "__main__":
    run(main)
