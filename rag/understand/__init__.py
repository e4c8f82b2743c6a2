"""Understanding: a question as typed becomes one that stands alone, with the times and outlets that it names."""

from rag.understand.checked import check_risk, clean
from rag.understand.followup import Rewriter
from rag.understand.scopes import scopes_asked
from rag.understand.several import questions_in

__all__ = ["Rewriter", "check_risk", "clean", "questions_in", "scopes_asked"]
