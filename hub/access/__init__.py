"""Who is asking, and what they may see."""

from hub.access.caller import ANONYMOUS, Caller, Role
from hub.access.keys import find_caller, issue_key

__all__ = ["ANONYMOUS", "Caller", "Role", "find_caller", "issue_key"]
