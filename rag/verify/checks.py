"""The checks of a sentence against the span it rests on: what must be the same in both, and what is doubtful."""

from __future__ import annotations

from typing import NamedTuple

import regex

from rag.english.folding import acronyms, expand_acronyms, fold
from rag.english.lexicon import list_words
from rag.english.names import Name, name_words, names
from rag.english.negation import Opposites, wrong_polarity
from rag.english.numbers import FORMER, GROUPED, OF_WHOLE, Number
from rag.english.quantities import wrong_quantity
from rag.english.referring import PERSONAL, REFERRING
from rag.english.reporting import same_speaker, sayings
from rag.english.stems import Stems
from rag.types import Check
from rag.verify.dates import wrong_date
from rag.verify.facts import Facts, Ground
from rag.verify.relations import wrong_attachment, wrong_event, wrong_office
from rag.verify.support import Doubt

_ENDS_THING = list_words("ends_of_things")
_WORD = regex.compile(r"[\p{L}\p{N}’'-]+")


_AFTER_FORMER = 40
_WHO_SAYS = "who say"


class Failure(NamedTuple):
    check: Check
    reason: str


def failure(said: Facts, ground: Ground, stems: Stems) -> Failure | None:
    """What is exact and plainly not in the span: words quoted, a number, a time. None where all of it is."""
    if wrong := wrong_quotation(said, ground):
        return Failure("quotation", f"“{wrong}” is not what the source says")
    if wrong := wrong_number(said, ground.facts, stems):
        return Failure("number", f"the source does not say {wrong}")
    if wrong := wrong_date(said.text, said.times, ground.span.text, ground.facts.times, ground.span.quote.source):
        return Failure("date", f"the source does not say {wrong}")
    return None


def doubts(said: Facts, ground: Ground, against: Opposites) -> dict[Doubt, str]:
    """What `said` seems to have otherwise than the span, each with the reason in words."""
    mine, theirs = said.relations, ground.facts.relations
    event, speaker = wrong_event(mine, theirs), wrong_speaker(said, ground)
    if event == _WHO_SAYS:
        speaker = speaker or (None if _same_saying(said, ground.facts) else "whom the sentence names")
        event = None
    found: dict[Doubt, tuple[str | None, str]] = {
        "name": (wrong_name(said, ground), "the source does not name {} here"),
        "negation": (wrong_polarity(said.polarity, ground.facts.polarity, against), "the source says the opposite of “{}”"),
        "quantity": (wrong_quantity(said.text, ground.span.text), "the source does not say “{}”"),
        "speaker": (speaker, "the source does not have it from {}"),
        "office": (wrong_office(mine, ground.whole), "the source does not have it so: {}"),
        "attachment": (wrong_attachment(mine, theirs, ground.whole), "the source does not have it so: {}"),
        "event": (event, "the source does not have it so: {}"),
    }
    return {doubt: reason.format(wrong) for doubt, (wrong, reason) in found.items() if wrong}


def wrong_quotation(said: Facts, ground: Ground) -> str | None:
    there = _plain(ground.span.text)
    title = _plain(ground.span.quote.source.title)
    for quoted in said.quoted:
        plain = _plain(quoted)
        if plain and plain not in there and plain not in title:
            return quoted
    return None


def _plain(text: str) -> str:
    return " ".join(word.casefold() for word in _WORD.findall(text.replace("’", "'")))


def wrong_number(said: Facts, source: Facts, stems: Stems) -> str | None:
    """A number that the source does not have, or has for another thing than the one it is said of."""
    digits = set(regex.findall(r"\d[\d,.]*", GROUPED.sub("", source.text)))
    for one in said.numbers:
        there = [other for other in source.numbers if one.stands_for(other)]
        written = said.text[one.start : one.end].strip()
        if not there and written.lower() == "one" and regex.search(r"\b(?:an?|single|another)\b", source.text):
            continue
        if not there and one.unit == "th" and one.value == 1 and not any(other.unit == "th" for other in source.numbers):
            continue
        if not there and written not in digits:
            return written
        if there and all(_is_former(other, said, source) for other in there) and not FORMER.search(said.text[: one.start]):
            return f"{written} to be so now"
        if there and (other := _explain_count(one, said, source, stems)):
            return f"{written} {other}"
    return None


def _is_former(number: Number, said: Facts, source: Facts) -> bool:
    """Whether the source gives a number as one that was so before, and the sentence does not name the time of that."""
    if not FORMER.search(source.text[: number.start]):
        return False
    after = source.text[number.end : number.end + _AFTER_FORMER]
    return not any(said.text[time.start : time.end] in after for time in said.times)


def _explain_count(one: Number, said: Facts, source: Facts, stems: Stems) -> str | None:
    """The thing that `one` counts in the sentence, where the source counts it with another number alone."""
    thing = _thing(said.text, one, stems)
    if thing is None or one.unit in ("$", "€", "£", "¥", "₹"):
        return None
    counts = [other for other in source.numbers if _thing(source.text, other, stems) == thing]
    alone = any(one.stands_for(other) and _thing(source.text, other, stems) is None for other in source.numbers)
    return thing if counts and not alone and not any(one.stands_for(other) for other in counts) else None


def _thing(text: str, number: Number, stems: Stems) -> str | None:
    """The stem of the first content word within three words after a number."""
    whole = OF_WHOLE.match(text, number.end)
    after = _WORD.finditer(text, whole.end() if whole else number.end)
    for _, word in zip(range(3), after, strict=False):
        if regex.search(r"[,;:.!?]\s", text[number.end : word.end()]):
            return None
        if word[0].lower() in _ENDS_THING:
            return None
        if found := stems.of(word[0]):
            return found[0]
    return None


def wrong_name(said: Facts, ground: Ground) -> str | None:
    """A name of which a word is missing from the span, and cannot be meant there by "she" or "the company" either."""
    refers = REFERRING.search(ground.span.text) is not None
    whole = [*ground.facts.names, *(ground.before if refers else ())]
    plain = set(map(fold, _WORD.findall(ground.span.text)))
    short = acronyms(f"{ground.span.context} {ground.span.text}")
    short |= expand_acronyms(said.text, regex.findall(r"\b\p{Lu}{2,}\b", ground.span.text))
    for name in said.names:
        if _is_named_before(name, ground):
            continue
        here = name_words(ground.facts.names) | plain | ground.around | (name_words(ground.before) if refers else set())
        if any(word not in here and word not in short for word in name.words):
            return name.bare
        if len(name.words) > 1 and not _together(name, whole, ground) and not set(name.words) & short:
            return name.bare
    return None


def _is_named_before(name: Name, ground: Ground) -> bool:
    """Whether the span has the last word of a name that stands in full before it: "Lindqvale" after "Ruta Lindqvale"."""
    short = any(name.words[-1:] == other.words for other in ground.facts.names)
    return short and any(set(name.words) <= set(other.words) for other in ground.before)


def _together(name: Name, whole: list[Name], ground: Ground) -> bool:
    """Whether the words of a name stand in one name of the source, or beside each other there."""
    wanted = set(name.words)
    if any(wanted <= set(other.words) for other in whole) or wanted <= ground.around:
        return True
    plain = [fold(word) for word in _WORD.findall(f"{ground.span.context} {ground.span.text}")]
    size = len(name.words) + 2
    return any(wanted <= set(plain[i : i + size]) for i in range(max(1, len(plain) - len(name.words) + 1)))


def wrong_speaker(said: Facts, ground: Ground) -> str | None:
    """Whom the sentence has say something that the source has from somebody else."""
    theirs = [who for saying in ground.facts.sayings for who in ([saying.words] if saying.words else _resolve_speaker(ground))]
    if not theirs:
        theirs = _resolve_speaker(ground) if PERSONAL.search(ground.span.text) else [name.words for name in ground.facts.names]
    theirs += [(short,) for short in acronyms(ground.span.text)]
    for at in dict.fromkeys(saying.at for saying in said.sayings):
        who = [saying.words for saying in said.sayings if saying.at == at and saying.words]
        if who and not any(set(one) & ground.outlet or any(same_speaker(one, other) for other in theirs) for one in who):
            return " ".join(word.title() for word in who[-1])
    return None


def _same_saying(said: Facts, source: Facts) -> bool:
    """Whether both texts name the same speaker beside a verb of saying."""
    return any(
        mine.words and theirs.words and same_speaker(mine.words, theirs.words)
        for mine in said.sayings
        for theirs in source.sayings
    )


def _resolve_speaker(ground: Ground) -> list[tuple[str, ...]]:
    """Whom "she said" can mean: who said something in the sentence before; else whoever that names, or the last one named."""
    last = ground.span.before[-1].text if ground.span.before else ""
    said = [saying.words for saying in sayings(last, tuple(ground.known)) if saying.words]
    return said or [name.words for name in names(last, known=ground.known)] or [name.words for name in ground.before[-1:]]
