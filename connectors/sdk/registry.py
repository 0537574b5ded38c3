"""Finding connectors: built-in and foreign ones alike, by the entry points of their packages."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from connectors.sdk.connector import Connector
from connectors.sdk.errors import ManifestError
from connectors.sdk.manifest import Manifest
from connectors.sdk.settings import mask_of

GROUP = "yuhub.connectors"


Found = tuple[dict[str, type[Connector]], list[ManifestError]]


def find_connectors(points: Iterable[EntryPoint] | None = None) -> Found:
    """Connector classes by code, and what is wrong with those that were left out. One bad package stops no other."""
    found: dict[str, type[Connector]] = {}
    left_out: list[ManifestError] = []
    for point in sorted(points if points is not None else entry_points(group=GROUP), key=lambda point: point.name):
        try:
            connector = _load(point)
            if connector.manifest.code in found:
                raise ManifestError(f"{point.value}: there is a connector {connector.manifest.code!r} already")
            found[connector.manifest.code] = connector
        except ManifestError as error:
            left_out.append(error)
    return found, left_out


def find_connector(code: str) -> type[Connector] | None:
    """The connector with this code; None where no package offers one. ManifestError where it cannot be loaded."""
    for point in entry_points(group=GROUP, name=code):
        return _load(point)
    return find_connectors()[0].get(code)


def connector_in(folder: Path) -> type[Connector]:
    """The connector of a package that need not be installed, by its pyproject.toml; the folder goes to `sys.path`."""
    folder = folder.resolve()
    file = folder / "pyproject.toml"
    try:
        offered = tomllib.loads(file.read_text("utf-8"))["project"]["entry-points"][GROUP]
        ((name, value),) = offered.items()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ManifestError(f"{file}: cannot be read: {error}") from None
    except (KeyError, ValueError, AttributeError, TypeError):
        raise ManifestError(f'{file}: one entry point is wanted in [project.entry-points."{GROUP}"]') from None
    sys.path[:0] = [str(one) for one in (folder, folder / "src", folder / "tests") if one.is_dir()]
    return _load(EntryPoint(name, value, GROUP))


def start_connector(
    connector: type[Connector],
    settings: Mapping[str, str],
    now: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> Connector:
    """The connector with its settings. ManifestError, without any secret, whatever is wrong with it."""
    try:
        return connector(settings, now, sleep)
    except ManifestError:
        raise
    except Exception as error:
        specs = connector.manifest.settings
        why = mask_of(specs, settings)(f"{type(error).__name__}: {error}")
        raise ManifestError(f"{connector.manifest.code} cannot be started: {why}") from error


def _load(point: EntryPoint) -> type[Connector]:
    try:
        connector = point.load()
    except ManifestError:
        raise
    except Exception as error:
        raise ManifestError(f"{point.value} cannot be imported: {type(error).__name__}: {error}") from error
    if not (isinstance(connector, type) and issubclass(connector, Connector)):
        raise ManifestError(f"{point.value} is no subclass of connectors.sdk.Connector")
    if not isinstance(getattr(connector, "manifest", None), Manifest):
        raise ManifestError(f"{point.value} has no manifest")
    return connector
