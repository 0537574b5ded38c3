"""Settings: one declared table, read from a TOML file and the environment; a wrong or unknown one stops the start."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from connectors.sdk.inside.setting_specs import PREFIX
from hub.errors import SettingsWrong
from hub.setting_files import read_file
from hub.setting_kinds import KINDS, READERS, Setting
from hub.setting_sources import SERVES, code_of, of_sources

TABLE = (
    Setting("data_dir", "path", "var", "Folder of the database and of everything else the hub keeps"),
    Setting("database_url", "str", "", "postgresql://… or sqlite:///…; empty: yuhub.db in data_dir"),
    Setting(
        "secrets_key",
        "keys",
        "",
        "Keys that encrypt secrets, newest first, with commas (`yuhub secrets key`); empty: secrets.key in data_dir",
        secret=True,
    ),
    Setting("host", "str", "127.0.0.1", "Address that the web server listens on"),
    Setting("port", "int", "8080", "Port that the web server listens on", least=0, most=65_535),
    Setting("language", "str", "zh", "Language where none is asked for; set, of commands too", choices=("zh", "en")),
    Setting(
        "pace",
        "float",
        "1",
        "Divides every schedule of the manifests; above 1 for demonstrations and tests",
        least=0.001,
        most=100_000,
    ),
    Setting(
        "delivery_attempts", "int", "60", "Attempts to hand a paper over before a person is asked", least=1, most=1_000
    ),
    Setting(
        "lease_seconds",
        "float",
        "120",
        "How long a run or a claim may be silent before another takes over",
        least=0.1,
        most=86_400,
    ),
    Setting(
        "page_seconds",
        "float",
        "60",
        "How long a connector may read one page before it is set aside; less than lease_seconds",
        least=0.1,
        most=3_600,
    ),
    Setting(
        "busy_seconds",
        "float",
        "10",
        "How long a writer waits in all for a SQLite file that others hold, and anybody for a connection",
        least=0,
        most=600,
    ),
    Setting("statement_seconds", "float", "60", "How long PostgreSQL may work at one statement", least=1, most=3_600),
    Setting(
        "free_mb",
        "float",
        "200",
        "Free MiB on the disk of data_dir below which /health/ready says so; on a full disk the hub is not ready",
        least=0,
        most=1_000_000,
    ),
    Setting(
        "webhook_private_addresses",
        "bool",
        "false",
        "Whether notices may go to hosts of the hub's own network; only where every enterprise is trusted",
    ),
    Setting("sandbox", "bool", "false", "Whether this hub talks to stand-ins alone, and takes the keys of integrators"),
    Setting(
        "sources",
        "sources",
        "",
        "Sources that are served by one connector, such as airport, airport@luoyang; a connector that is not among "
        "them is one source",
    ),
    Setting(
        "connections_per_address",
        "int",
        "256",
        "Connections of one address at a time; more where the hub stands behind a proxy",
        least=1,
        most=4_096,
    ),
    Setting(
        "webhook_ports", "ports", "80, 443", "Ports that notices may go to; where private addresses are allowed, all"
    ),
    Setting(
        "trusted_proxies",
        "int",
        "0",
        "Proxies of our own before the hub: so many addresses of X-Forwarded-For are believed; 0: it is ignored",
        least=0,
        most=10,
    ),
    Setting(
        "rate_factor",
        "float",
        "1",
        "Multiplies how many requests a minute are answered, see docs/limits.md",
        least=0.01,
        most=10_000,
    ),
    Setting(
        "registrations_per_hour",
        "int",
        "30",
        "Times an hour that enterprises may be applied for from one address",
        least=1,
        most=100_000,
    ),
    Setting(
        "registrations_in_all_per_hour",
        "int",
        "300",
        "New enterprises an hour that may be applied for in all",
        least=1,
        most=100_000,
    ),
    Setting(
        "registrations_undecided",
        "int",
        "1000",
        "Applications that may wait for a decision; there are no more until some are decided",
        least=1,
        most=1_000_000,
    ),
    Setting(
        "cors_origins",
        "origins",
        "",
        "Origins whose pages may ask the hub from a browser, such as https://console.example.cn; empty: none",
    ),
    Setting("log", "str", "warning", "How much is logged", choices=("debug", "info", "warning", "error")),
)

SOURCES = next(one for one in TABLE if one.name == "sources")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A setting's value and where it came from: `default`, the file, or the variable."""

    setting: Setting
    value: Any
    origin: str


class Settings:
    """All settings by name."""

    def __init__(self, chosen: Iterable[Chosen]) -> None:
        self.chosen = {one.setting.name: one for one in chosen}

    def __getitem__(self, name: str) -> Any:
        return self.chosen[name].value

    @property
    def secrets(self) -> list[str]:
        """What no output may show: the secret values, and the passwords that stand in addresses."""
        return [
            part
            for one in self.chosen.values()
            for part in (_parts(one) if one.setting.secret else _passwords(str(one.value)))
            if part
        ]

    @property
    def database_url(self) -> str:
        return self["database_url"] or f"sqlite:///{self['data_dir'] / 'yuhub.db'}"

    def sources_of(self, code: str) -> list[str]:
        """The sources that a connector serves: those that the setting names, else the one that is called like it."""
        return [one for one in self["sources"] if code_of(one) == code] or [code]

    def of_connector(self, code: str) -> dict[str, str]:
        """The settings that a source's connector asks for."""
        prefix, own = f"{code}.", f"{code}.{SERVES}"
        return {
            name[len(prefix) :]: one.value
            for name, one in self.chosen.items()
            if name.startswith(prefix) and name != own
        }


def read_settings(
    environment: Mapping[str, str],
    file: Path | None = None,
    more: Iterable[Setting] = (),
    left_out: Collection[str] = (),
) -> Settings:
    """Reads every setting; SettingsWrong lists all that is wrong, with the name to mend.

    Nobody knows what connectors that are `left_out` would ask for: what is set for them is neither read nor wrong.
    """
    typed = read_file(file) if file else {}
    sources, problem = _choose(SOURCES, typed, environment, file)
    if problem:
        raise SettingsWrong([(SOURCES.name, problem)])
    table = (*TABLE, *of_sources(more, sources.value, left_out, TABLE))
    known = {setting.name for setting in table}
    variables = {setting.variable for setting in table}
    spared = tuple(f"{PREFIX}{code.upper()}_" for code in left_out)
    unknown = [name for name in typed if name not in known and code_of(name) not in left_out]
    problems = [(name, f"unknown in {file}") for name in unknown]
    problems += [
        (name, "no such setting")
        for name in environment
        if name.startswith(PREFIX) and name not in variables | OTHER_VARIABLES and not name.startswith(spared)
    ]
    chosen = []
    for setting in table:
        one, problem = _choose(setting, typed, environment, file)
        if problem:
            problems.append((setting.name, problem))
        chosen.append(one)
    if problems:
        raise SettingsWrong(problems)
    return Settings(chosen)


def _choose(
    setting: Setting, typed: Mapping[str, str], environment: Mapping[str, str], file: Path | None
) -> tuple[Chosen, str]:
    """What a setting is, and what is wrong with it; empty where it fits."""
    text, origin = setting.default, "default"
    if setting.name in typed:
        text, origin = typed[setting.name], str(file)
    if setting.variable in environment:
        text, origin = environment[setting.variable], setting.variable
    try:
        value = READERS[setting.kind](text)
    except (ValueError, KeyError):
        shown = "what is set" if setting.secret else repr(text)
        return Chosen(setting, None, origin), f"{shown} is no {KINDS.get(setting.kind, setting.kind)} ({origin})"
    wrong = _out_of_bounds(setting, value)
    return Chosen(setting, value, origin), f"{text!r} {wrong} ({origin})" if wrong else ""


def _parts(one: Chosen) -> list[str]:
    return str(one.value).split(",") if one.setting.kind == "keys" else [str(one.value)]


def _passwords(value: str) -> list[str]:
    """The passwords in an address, as they stand there and as they are meant; nothing where there is none."""
    try:
        address = urlsplit(value)
        password = address.password or ""
    except ValueError:  # no address, as whoever needs one will say
        return []
    named = [part.partition("=") for part in address.query.split("&")]
    found = [password, *(given for name, _, given in named if "password" in name.lower())]
    return [*found, *map(unquote, found)]


def _out_of_bounds(setting: Setting, value: Any) -> str | None:
    if setting.choices and value not in setting.choices:
        return f"is none of {', '.join(setting.choices)}"
    if setting.least is not None and not value >= setting.least:  # so that nan is caught
        return f"is below {setting.least:g}"
    if setting.most is not None and not value <= setting.most:
        return f"is above {setting.most:g}"
    return None


OTHER_VARIABLES = frozenset({"YUHUB_KEY", "YUHUB_HUB", "YUHUB_SETTINGS", "YUHUB_CEB_XSD_DIR"})
"""Variables with the prefix that are no settings of the hub: the caller's key, tests."""
