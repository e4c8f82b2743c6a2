"""What befalls people and things, as classes of the words that news uses for one another, and how far these are told of."""

from __future__ import annotations

import re

_WORDS = {
    "dead": r"die[sd]?|dead|deaths?|kill(?:s|ed|ing)?|fatalit\w+|death toll|toll|victims?|lives lost"
    r"|lost their lives|casualties|perished",
    "injured": r"injur\w+|wounded|hurt|casualties",
    "missing": r"missing|unaccounted",
    "arrested": r"arrest\w*|detain\w*|custody",
    "charged": r"charged|indict\w*",
    "ill": r"cases|infect\w+|confirmed|diagnosed|patients|sick",
    "destroyed": r"destroy\w*|burn(?:ed|t)|razed|levelled|leveled|gutted|wrecked|homes lost",
    "displaced": r"displac\w+|evacuat\w+|homeless|fled|refugees",
    "attended": r"attend\w*|crowd\w*|visit\w*|came|spectators|turned out|turnout|marched|took part|gathered|audience",
    "affected": r"affected|exposed|hit|compromised|stolen",
    "jobs": r"jobs?|laid off|layoffs|redundan\w+|posts|positions|workers",
    "worth": r"worth|value[sd]?|valuation|apprais\w+",
    "price": r"prices?|priced|costs?|average|a (?:gallon|barrel|litre|liter|share|tonne|head)|fares?"
    r"|charge[sd]?|sells?|sold|bill",
    "deal": r"bid|offer(?:ed)?|deal|buy|bought|buying|purchase[sd]?|acquir\w+|takeover|paid|pay(?:s|ing)?|price",
    "insured": r"insur\w+",
    "reward": r"rewards?",
    "held": r"can (?:carry|hold|seat|take)|capacity|seats",
    "powerless": r"without (?:power|electricity|water)|blackouts?",
    "finance": r"loans?|debts?|savings|revenues?|profits?|turnover|fees?|budgets?|tax(?:es)?|salar(?:y|ies)"
    r"|wages?|rents?|subsid\w+|cash",
    "fine": r"fine[sd]?|penalt\w+|settle\w*",
    "rate": r"rates?|inflation|interest|unemployment",
    "area": r"acres|hectares|square (?:miles|kilomet\w+)",
    "contained": r"contain\w*",
    "votes": r"votes?|majority|margin|lead|ahead",
    "subscribers": r"subscribers?|customers|users|members",
    "measure": r"magnitude|temperature|degrees",
}  # fmt: skip
ACTS = {name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for name, pattern in _WORDS.items()}
APART = frozenset(
    {
        "dead", "injured", "missing", "arrested", "charged", "displaced", "destroyed", "worth", "insured", "reward", "fine",
        "held", "finance", "powerless",
    }
)  # fmt: skip
"""Classes of which one says nothing of another."""
WIDE = re.compile(
    r"\b(?:world(?:wide)?|global(?:ly)?|around the (?:world|globe)|international(?:ly)?"
    r"|in \d+ countries|across the (?:world|globe)|countries)\b",
    re.I,
)
HOME = re.compile(
    r"\b(?:nation(?:wide|al|ally)?|in the country|domestic\w*)\b|(?<!\w)(?:US|U\.S\.|UK|U\.K\.|United States|America)(?!\w)"
)


def of_world(text: str) -> bool:
    """Whether it tells of the whole world."""
    return bool(WIDE.search(text))


def of_home(text: str) -> bool:
    """Whether it tells of a whole country."""
    return bool(HOME.search(text))
