"""Who works at the machine itself."""

from __future__ import annotations

import getpass
import os

from hub.access.caller import Caller, Role


def _who() -> str:
    """The user of the operating system; a container may have a number without a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


LOCAL = Caller(f"{_who()} at the machine", Role.ADMINISTRATOR)
"""Who can read the database's file needs no key."""
ITSELF = Caller("hub", Role.ADMINISTRATOR)
"""What the hub does by itself when the time has come."""
