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
from connectors.sdk.inside.setting_specs import mask_of
from connectors.sdk.manifest import Manifest

GROUP = "yuhub.connectors"
HUB, OURS = "yuhub", f"{__name__.partition('.')[0]}."
"""The distribution that the hub comes in, and where its own connectors stand in it."""


class LeftOut(ManifestError):
    """A connector is left out; `names` are those that it would have had."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        super().__init__(text)
        self.names = frozenset(names)


Found = tuple[dict[str, type[Connector]], list[ManifestError]]


def find_connectors(points: Iterable[EntryPoint] | None = None) -> Found:
    """Connector classes by code, and what is wrong with those that were left out. One bad package stops no other.

    What comes with the hub stands first and keeps its names, whoever else takes one. Of packages that take the same
    name, or code, none is used: which of them is meant is not guessed.
    """
    given = {(point.name, point.value): point for point in (entry_points(group=GROUP) if points is None else points)}
    in_order = [given[key] for key in sorted(given)]
    built_in = [point for point in in_order if is_built_in(point)]
    own = {point.name: point for point in built_in}
    found: dict[str, type[Connector]] = {}
    left_out: list[ManifestError] = []
    claims: dict[str, list[EntryPoint]] = {}
    loaded: list[tuple[EntryPoint, type[Connector]]] = []
    for point in (*own.values(), *(one for one in in_order if one not in built_in)):
        try:
            _refuse_taken(point, point.name, own)
            connector = _load(point)
            _refuse_taken(point, connector.manifest.code, own)
        except ManifestError as error:
            left_out.append(error if isinstance(error, LeftOut) else LeftOut(error.text, [point.name]))
            continue
        loaded.append((point, connector))
        for name in {point.name, connector.manifest.code}:
            claims.setdefault(name, []).append(point)
    for point, connector in loaded:
        names = sorted({point.name, connector.manifest.code})
        rivals = next(((name, claims[name]) for name in names if len(claims[name]) > 1), None)
        if rivals:
            left_out.append(LeftOut(f"{point.value}: {_contested(*rivals)}", names))
        else:
            found[connector.manifest.code] = connector
    return found, left_out


def find_connector(code: str) -> type[Connector] | None:
    """The connector with this code; None where no package offers one. ManifestError where it is left out."""
    found, left_out = find_connectors()
    if code not in found:
        for error in left_out:
            if isinstance(error, LeftOut) and code in error.names:
                raise error
    return found.get(code)


def is_built_in(point: EntryPoint) -> bool:
    """Whether a connector comes with the hub."""
    dist = point.dist
    return point.value.startswith(OURS) and (dist is None or dist.name == HUB)


def whose(point: EntryPoint) -> str:
    """The distribution of an entry point with its version, where it is installed, and the place in it."""
    return f"{point.dist.name} {point.dist.version} ({point.value})" if point.dist else point.value


def _refuse_taken(point: EntryPoint, name: str, own: Mapping[str, EntryPoint]) -> None:
    if name in own and own[name] is not point:
        raise LeftOut(
            f"{point.value}: the name {name!r} of {whose(point)} is that of {whose(own[name])}, which comes with the "
            "hub and stays; give it a name and a code of its own",
            [],
        )


def _contested(name: str, points: Iterable[EntryPoint]) -> str:
    return (
        f"the name {name!r} is taken by {' and by '.join(map(whose, points))}; none of them is used until all but one "
        "are uninstalled or renamed"
    )


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
    instance: str = "",
) -> Connector:
    """The connector with its settings. ManifestError, without any secret, whatever is wrong with it."""
    try:
        return connector(settings, now, sleep, instance)
    except ManifestError:
        raise
    except (Exception, SystemExit) as error:
        specs = connector.manifest.settings
        why = mask_of(specs, settings)(f"{type(error).__name__}: {error}")
        raise ManifestError(f"{connector.manifest.code} cannot be started: {why}") from error


def _load(point: EntryPoint) -> type[Connector]:
    try:
        connector = point.load()
    except ManifestError:
        raise
    except (Exception, SystemExit) as error:
        raise ManifestError(f"{point.value} cannot be imported: {type(error).__name__}: {error}") from error
    if not (isinstance(connector, type) and issubclass(connector, Connector)):
        raise ManifestError(f"{point.value} is no subclass of connectors.sdk.Connector")
    if not isinstance(getattr(connector, "manifest", None), Manifest):
        raise ManifestError(f"{point.value} has no manifest")
    return connector
