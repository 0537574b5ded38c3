"""Consolidations: which trades are in one, and how far it is. Everything happens in the caller's transaction."""
