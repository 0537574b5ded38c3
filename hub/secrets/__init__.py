"""Secrets that the hub keeps, encrypted."""
