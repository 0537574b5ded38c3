"""Who is asking, and what they may see."""

from hub.access.api_keys import find_caller, issue_key
from hub.access.caller import ANONYMOUS, Caller, Role

__all__ = ["ANONYMOUS", "Caller", "Role", "find_caller", "issue_key"]
