"""Understanding: a question as typed becomes one that stands alone."""

from rag.understand.checked import check_risk, clean
from rag.understand.followup import is_follow_up, stand_alone

__all__ = ["check_risk", "clean", "is_follow_up", "stand_alone"]
