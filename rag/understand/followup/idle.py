"""What is said about the conversation rather than asked of the archive: greetings, thanks, doubts, calls for more."""

from __future__ import annotations

import regex

_GREETED = (
    r"hello|hi(?: there)?|hey|good (?:morning|afternoon|evening|day|night)|bye|goodbye|thanks?(?: you)?|thx|cheers|ok(?:ay)?"
    r"|yes|no|right|sure|great|good|nice|cool|perfect|wow|interesting|i see|got it|really|well done|never ?mind|sorry|please"
    r"|very much|a lot|so much|help|how are you|(?:what|who) (?:can|are) you(?: do)?"
    r"|(?:that|this|it)(?: is|['’]s| was) (?:\w+ )?(?:great|good|nice|cool|interesting|sad|terrible|awful|helpful|all|fine|bad)"
)
_MORE = (
    r"(?:(?:can|could) you |please )*(?:tell|give) me (?:some )?more(?: about (?:it|this|that|him|her|them))?"
    r"|go on|continue|elaborate|(?:any |some )?more(?: details?)?|details?"
)
_DOUBTED = (
    r"are you (?:really |quite )?(?:sure|certain)(?: about (?:it|this|that))?|says who|how do you know(?: that| this)?"
    r"|is (?:that|this|it) (?:so|true|right|correct|certain)|(?:what(?:['’]s| is) (?:your|the) )?sources?"
    r"|(?:which|what) (?:articles?|sources?|outlets?|papers?)(?: (?:is|was) (?:that|this|it) from| says? (?:that|this|so|it))?"
)
_IDLE = regex.compile(rf"(?:(?:{_GREETED}|{_MORE}|{_DOUBTED})(?:[\s,.!?…]+|$))+", regex.IGNORECASE)


def is_idle(text: str) -> bool:
    """Whether nothing in `text` asks anything of the archive."""
    return _IDLE.fullmatch(text.strip()) is not None
