"""A new connector: a package that installs, passes `yuhub connector check` and its own tests, and is then changed."""

from connectors.sdk.scaffold.writing import write_package

__all__ = ["write_package"]
