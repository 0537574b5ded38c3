"""Share everywhere: which papers are due, what stands in them, when they go out, and how a trade moves on."""
