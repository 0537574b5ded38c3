"""Reading the TOML files of a connector: what is wrong with one is said at once, place by place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields

from connectors.sdk.errors import ManifestError

DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
LONGEST = 366 * 86_400
SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def read_duration(text: str) -> timedelta:
    """`90s`, `15m`, `6h`, `1d`. ValueError for anything else."""
    match = DURATION.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is no duration; write for example 30s, 15m, 6h or 1d")
    seconds = float(match[1]) * SECONDS[match[2]]
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"{text!r} is no useful duration; between 1ms and 366d")
    return timedelta(seconds=seconds)


class Duration(fields.Field[timedelta]):
    """A duration as `read_duration` reads it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> timedelta:
        try:
            return read_duration(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class NamedTable(fields.Dict):
    """A table of TOML under names that its writer chose; what is wrong is said of the name, or of the key below it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            told = {name: one.get("key") or one["value"] for name, one in error.messages.items()}
            raise ValidationError(told) from None


def nearest_of(name: str, known: Collection[str]) -> str:
    """What somebody meant who wrote a name that there is not; all that there are where none is near."""
    near = get_close_matches(name, known, n=3)
    return f"near to it: {', '.join(near)}" if near else f"known are {', '.join(sorted(known)) or 'none'}"


def load_toml(path: Path, schema: Schema) -> dict[str, Any]:
    """The values of a file by a schema. ManifestError lists everything that is wrong with it."""
    try:
        values: dict[str, Any] = schema.load(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise ManifestError(f"{path}: there is no {path.name} beside the connector") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path}: cannot be read: {error}") from None
    except (ValueError, RecursionError) as error:  # also of a number, or a nesting, that Python cannot hold
        raise ManifestError(f"{path}: not TOML: {error}") from None
    except ValidationError as error:
        raise ManifestError(f"{path}: {_flatten(error.messages)}") from None
    return values


def _flatten(messages: Any, path: str = "") -> str:
    if isinstance(messages, dict):
        return "; ".join(_flatten(inner, f"{path}.{key}".strip(".")) for key, inner in messages.items())
    return f"{path}: {' '.join(map(str, messages))}"
