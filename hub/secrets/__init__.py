"""Secrets that the hub keeps: encrypted, each bound to the place where it stands, under keys that can be changed."""

from hub.secrets.keyring import Keyring, new_key
from hub.secrets.origin import open_keyring

__all__ = ["Keyring", "new_key", "open_keyring"]
