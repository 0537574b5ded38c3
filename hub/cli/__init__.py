"""`yuhub`, the command line. With `hub.app` it is the only place that knows everybody."""

from hub.cli.main import main

__all__ = ["main"]
