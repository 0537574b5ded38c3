"""The sync engine: when to talk to whom, and what became of it."""
