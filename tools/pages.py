"""`python -m tools.pages FOLDER`: writes the pages of docs/ as HTML; with --check says whether each can be made."""

from __future__ import annotations

import sys
from pathlib import Path

from hub.app import settings_of_connectors
from hub.reference.pages import CHECKED_OUT, Pages
from hub.reference.words import WordsMissing


def main() -> int:
    try:
        made = Pages(settings_of_connectors()[0], CHECKED_OUT).whole()
    except WordsMissing as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if "--check" not in sys.argv:
        for name, text in made.items():
            file = Path(sys.argv[1], name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
