"""Pages that stand before an article instead of it: questions for consent, checks for robots, offers to subscribe."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.load.blocks import Block, ends_sentence, words_of

BLOCKED = "the page is a check for robots or an error, not the article"
CONSENT = "the page asks for consent to cookies instead of showing the article"
HEADLINE = "there is no article text in the page, only its headline"
MAX_CHECK, MAX_CONSENT = 1_500, 6_000
"""Characters of the longest such pages; one with more has a text of its own."""
MOSTLY = 0.6
FEW_WORDS, FEW_CHARACTERS = 25, 250

_CHECK = re.compile(
    r"checking your browser|enable javascript and cookies|verify(?:ing)? (?:that )?you are (?:a )?human|are you a (?:human|robot)"
    r"|unusual (?:traffic|activity)|complete the captcha|ray id|ddos protection|access (?:to this page has been )?denied"
    r"|you have been blocked|pardon our interruption|enable cookies and reload|request blocked|not a robot|bot detection"
    r"|please enable (?:js|javascript)|javascript is (?:disabled|required)|requires javascript|too many requests"
    r"|security check|page not found|404 not found|service unavailable|you don.t have permission to access",
    re.IGNORECASE,
)
_CHECK_TITLE = re.compile(
    r"^\W*(?:just a moment|attention required|access denied|are you a robot|robot check|security check|one more step|please wait|"
    r"verif\w+|ddos-guard|captcha|403 forbidden|404|page not found|429|503|error)\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"cookie|consent|our(?: \d[\d,.]*)? partners|\bpartners\b.{0,60}\b(?:use|process|store)|legitimate interest"
    r"|personal(?:i[sz]ed)? "
    r"(?:data|ad|content)|privacy|information on (?:a|your) device|einwillig|datenschutz|zustimm|unsere \d* ?partner"
    r"|consentement|vos données|confidentialité|consentimiento|privacidad|consenso|informativa|toestemming|samtyck|samtykke",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"we value your privacy|with your permission|store and/or access"
    r"|accept(?: all)?|reject(?: all)?|manage (?:options|preferences|settings|choices)|\bi agree\b|you agree"
    r"|your (?:privacy )?choice"
    r"|your consent|alle akzeptieren|akzeptieren|ablehnen|zustimmen|tout accepter|accepter|refuser"
    r"|aceptar|rechazar|accett|akkoord|godta|godkänn",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"subscribers? only|only (?:for|to|available to) (?:our )?(?:subscribers|members)|(?:for|to) (?:our )?subscribers"
    r"|subscribe (?:now|today|to (?:read|continue|keep|unlock|get))|to (?:continue|keep|go on) reading"
    r"|continue reading (?:with|by|for)"
    r"|already (?:a|have a) (?:subscri|member|account)|read on with|%\s+of (?:this|the) (?:article|story)|\d+\s*% (?:left|remain)"
    r"|choose (?:your|a) (?:plan|subscription)"
    r"|start your (?:free )?trial"
    r"|unlock (?:this|the) (?:article|story)|(?:log|sign) in to (?:read|continue)"
    r"|article (?:is )?reserved|register (?:for free )?to (?:read|continue)|this (?:article|content) is (?:only )?for"
    r"|(?:abo|plus|premium)[- ](?:artikel|inhalt)|weiterlesen mit|jetzt (?:abonnieren|weiterlesen)|réservé (?:à nos|aux) abonnés"
    r"|il vous reste|pour lire la suite|abonnez-vous|contenido exclusivo|suscr[ií]be|riservato agli abbonati|abbonati",
    re.IGNORECASE,
)

_ENDS_INSIDE = re.compile(r"\w{4,}[.!?]\s+[^\W\d_]|[。！？]\w")
"""The end of a sentence in a text that is cut off in the next one."""


def wall(blocks: Sequence[Block], title: str | None, is_article: bool) -> str | None:
    """What the page is instead of an article; None where it may be one. `blocks` are all that it shows."""
    shown = " ".join(block.text for block in blocks)
    checks = _CHECK.search(shown), title and _CHECK_TITLE.search(title)
    if len(shown) <= MAX_CHECK and any(checks) and (all(checks) or not is_article):
        return BLOCKED
    long = [block for block in blocks if len(block.text) >= 60] or blocks
    asking = [block for block in long if _CONSENT.search(block.text)]
    if len(shown) <= MAX_CONSENT and len(asking) >= max(2, MOSTLY * len(long)) and _asks(shown):
        return CONSENT
    return None


def _asks(shown: str) -> bool:
    return len({found[0].casefold() for found in _CHOICE.finditer(shown)}) >= 1


def without_offer(kept: Sequence[Block]) -> tuple[list[Block], bool]:
    """The blocks of an article without an offer to subscribe at their end, and whether there was one."""
    at = next((at for at, block in enumerate(kept) if at and len(block.text) <= 400 and _OFFER.search(block.text)), None)
    if at is None or any(len(block.text) > 200 and not _OFFER.search(block.text) for block in kept[at:]):
        return [*kept], False
    rest = [*kept[:at]]
    while rest and rest[-1].is_heading and len(rest) > 1:
        rest.pop()
    return rest, True


def offers(blocks: Sequence[Block]) -> bool:
    return any(len(block.text) <= 400 and _OFFER.search(block.text) for block in blocks)


def is_headline(text: str, title: str | None, description: str | None) -> bool:
    """Whether a text says no word that the page's title and summary do not say, or has no sentence beside the title."""
    words = words_of(text)
    if len(words) >= FEW_WORDS or len(text) > FEW_CHARACTERS:
        return False
    named = words_of(title or "")
    if set(words) <= {*named, *words_of(description or "")}:
        return True
    return not any((ends_sentence(line) or _ENDS_INSIDE.search(line)) and words_of(line) != named for line in text.splitlines())
