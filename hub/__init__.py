"""The hub: enter a trade once, share it everywhere."""
