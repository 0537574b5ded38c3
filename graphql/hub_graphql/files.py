"""The documented operations and the printed schema, in a checkout and in an installed package alike."""

from __future__ import annotations

from pathlib import Path

CHECKED_OUT = Path(__file__).resolve().parents[1]
INSTALLED = Path(__file__).resolve().parent


def folder() -> Path:
    """Where schema.graphql and operations/ are."""
    return CHECKED_OUT if (CHECKED_OUT / "operations").is_dir() else INSTALLED


def operation(name: str) -> str:
    """The text of graphql/operations/<name>.graphql."""
    return (folder() / "operations" / f"{name}.graphql").read_text("utf-8")
