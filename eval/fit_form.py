"""Fit what tells the form of a question, and write rag/story/form.json.

    python -m eval.fit_form --plain FILE --plain FILE …

The questions are eval/sample/forms.jsonl; those held back are only measured, never fitted on. Each FILE holds questions in
SQuAD's layout that people asked of a paragraph: none of them asks for a story, the archive or talk, and far more of what is asked
is like them than the few questions of the sample are. Printed are the accuracy on what was held back with its interval, each that
is told wrongly, and the share of plain questions held back that are told as stories.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from eval.datasets.records import read_document
from eval.metrics.intervals import mean_interval
from eval.terminal import run, say, table
from rag.errors import InputError
from rag.forms import FORMS, Form
from rag.story.features import features
from rag.story.form import FormModel, value

OUT = Path("rag/story/form.json")
SET = "forms.jsonl"
SEEN, SEEN_PLAIN = 2, 15
"""An n-gram counts when at least so many of the sample's questions have it, or of the plain ones."""
REGULARISATION = 10.0
PLAIN: tuple[Form, ...] = ("fact", "list", "count", "reason", "person", "yes/no")
"""The forms of a question that one passage can answer."""
PLAIN_TAKEN, PLAIN_WEIGHT = 500, 0.15
"""Plain questions of a file that are fitted on, and what one counts beside a question of the sample: with more, stories are told
as facts (.946 of those held back are told right up to .2, .90 at .5); with none, .15 of the plain questions as stories."""
PLAIN_SURE = 0.75
PLAIN_SEED = 2031


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


def read_plain(path: Path) -> tuple[list[str], list[str]]:
    """Plain questions of a file to fit on, and as many to measure on. Raises InputError for a file that cannot be read."""
    entries = read_document(path).objects("data")
    paragraphs = (paragraph for entry in entries for paragraph in entry.objects("paragraphs"))
    questions = sorted({asked.text("question").strip() for paragraph in paragraphs for asked in paragraph.objects("qas")})
    random.Random(PLAIN_SEED).shuffle(questions)
    return questions[:PLAIN_TAKEN], questions[PLAIN_TAKEN : 2 * PLAIN_TAKEN]


def label_plain(model: FormModel, questions: Sequence[str]) -> list[FormExample]:
    """Each question with the plain form that `model` is sure of, else as a fact."""
    found = []
    for question in questions:
        chances = model.probabilities(question)
        best = max(PLAIN, key=lambda form: chances[form])
        found.append(FormExample(question, best if chances[best] >= PLAIN_SURE else "fact"))
    return found


def fit_model(asked: Sequence[FormExample], plain: Sequence[FormExample] = ()) -> FormModel:
    """The model of these questions, `plain` ones counting less. Raises InputError when a form has none."""
    if missing := set(FORMS) - {one.form for one in asked}:
        raise InputError(f"no question is of the form {', '.join(sorted(missing))}; add some to {SET}")
    from sklearn.linear_model import LogisticRegression

    examples = [*asked, *plain]
    of_each = [features(one.question, one.outlets) for one in examples]
    counts = Counter(feature for some in of_each[: len(asked)] for feature in some)
    of_plain = Counter(feature for some in of_each[len(asked) :] for feature in some)
    seen = {one for one, count in counts.items() if count >= SEEN or one.startswith("cue ")}
    names = sorted(seen | {one for one, count in of_plain.items() if count >= SEEN_PLAIN})
    rows = {feature: row for row, feature in enumerate(names)}
    matrix: NDArray[np.float64] = np.zeros((len(examples), len(names)))
    for place, some in enumerate(of_each):
        for feature in some & rows.keys():
            matrix[place, rows[feature]] = value(feature)
    weights = np.repeat([1.0, PLAIN_WEIGHT], [len(asked), len(plain)])
    found = LogisticRegression(C=REGULARISATION, max_iter=3000).fit(matrix, [one.form for one in examples], weights)
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
    plain: Annotated[
        list[Path] | None, typer.Option(help="A file of plain questions in SQuAD's layout; may be repeated.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = OUT,
) -> None:
    """Fit the form of questions."""
    text = questions.read_text("utf-8") if questions else (files("eval.sample") / SET).read_text("utf-8")
    asked = load_asked(text)
    fitted_on = [one for one in asked if not one.held_back]
    model = fit_model(fitted_on)
    of_files = [read_plain(path) for path in plain or ()]
    if of_files:
        model = fit_model(fitted_on, label_plain(model, [question for taken, _ in of_files for question in taken]))
    save(model, out)
    for path, (_, kept) in zip(plain or (), of_files, strict=True):
        told_as_stories = [float(model.form(question) not in PLAIN) for question in kept]
        say(f"{path.name}: {np.mean(told_as_stories):.3f} of {len(kept)} plain questions held back are told as stories")
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
