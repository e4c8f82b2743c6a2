"""How each form of an answer is drawn in a real browser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.forms import Contrast, Coverage, Development, Figure, Part, Row, Side, Table
from rag.types import Answer, Question, Sentence
from tests.ui.newsroom import ACCOUNTS, DAY, Newsroom
from tests.ui.serving import serving
from tests.ui.test_browser import COST, ask, browser, opened, pytestmark

__all__ = ["browser", "pytestmark"]
LATER = date(2024, 9, 10)
COVERAGE = Coverage(2, 2, DAY, LATER)
FIGURES = (
    Figure("$3.2 million", "earlier", COST, (1,), described=DAY),
    Figure("$4.7 million", "latest", ACCOUNTS.text, (2,), described=LATER),
)
SIDES = (Side("operator", (COST,), (1,)), Side("Kestrel Bay News", (ACCOUNTS.text,), (2,)))
FORMS: dict[str, tuple[Part, ...]] = {
    "figures": (*FIGURES, COVERAGE),
    "timeline": (
        Development(DAY, date(2024, 3, 5), True, COST, (1,)),
        Development(LATER, date(2024, 9, 11), False, ACCOUNTS.text, (2,)),
        COVERAGE,
    ),
    "sides": (Contrast("differ", "the cost", SIDES), COVERAGE),
    "briefing": (
        Row("lead", COST, (1,)), Row("development", ACCOUNTS.text, (2,), day=LATER), Row("open", COST, (1,), day=DAY), COVERAGE,
    ),
    "list": (Table("Articles by outlet", ("outlet", "articles"), (("The Amberline Courier", "1"), ("News", "4"))),),
}  # fmt: skip


@dataclass
class Telling(Newsroom):
    """Tells its answer in the form that a question ends with."""

    def _answer(self, question: Question) -> Answer:
        told, form = super()._answer(question), question.text.rsplit(" ", 1)[-1]
        if form == "yes":
            return replace(told, short_answer="Yes", form="yes/no")
        if form == "list":
            told = replace(told, sentences=(Sentence("Two outlets wrote of it.", (), 1.0), *told.sentences))
        return replace(told, parts=FORMS.get(form, ()), short_answer=None, calibrated=form not in FORMS)


def asked(page: Page, form: str) -> None:
    question = f"The strike as {form}"
    ask(page, question)
    expect(page.locator("#current .asked")).to_have_text(question)
    expect(page.locator("#current .facts")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_each_form_is_drawn_as_what_it_is(browser: Browser, width: int) -> None:
    with serving(Telling()) as address, opened(browser, address, width) as page:
        asked(page, "figures")
        values = page.locator("#current .figures .value")
        assert [value.inner_text().split("\n")[0] for value in values.all()] == ["$3.2 million", "$4.7 million"]
        bars = [bar.get_attribute("value") for bar in page.locator("#current .figures meter").all()]
        assert bars == ["0.681", "1.000"]
        asked(page, "timeline")
        days = page.locator("#current .timeline .day")
        assert [day.inner_text() for day in days.all()] == ["4 March 2024", "10 September 2024 (reported)"]
        asked(page, "sides")
        first, second = (side.bounding_box() for side in page.locator("#current .side").all())
        assert first is not None
        assert second is not None
        assert (first["y"] == second["y"]) == (width == 1280)  # beside each other where there is room
        expect(page.locator("#current .side h4").first).to_have_text("Operator")
        asked(page, "briefing")
        assert page.locator("#current .reply .label").all_inner_texts() == ["Developments", "What is still open"]
        asked(page, "list")
        expect(page.locator("#current .rows li")).to_have_count(2)
        expect(page.locator("#current .counts tbody tr")).to_have_count(2)
        asked(page, "yes")
        expect(page.locator("#current .short")).to_have_text("Yes")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_an_account_rests_on_and_that_nobody_measured_it_is_explained(browser: Browser) -> None:
    with serving(Telling()) as address, opened(browser, address) as page:
        asked(page, "timeline")
        sure, rests = page.locator("#current .facts .explained").all()
        sure.hover()
        expect(page.locator("#current .facts [role=tooltip]:visible")).to_contain_text("has not been measured")
        rests.focus()
        page.mouse.move(0, 0)
        told = page.locator("#current .facts [role=tooltip]:visible")
        expect(told).to_have_text("Rests on 2 articles of 2 outlets, 4 March 2024 to 10 September 2024")
