"""`python -m tools.pages`: writes the tables of docs/*.md, or with --check says whether they are up to date."""

from __future__ import annotations

import sys

from tools.pages.marked import PAGES, rewritten
from tools.pages.words import WordsMissing


def main() -> int:
    try:
        changed = {page: text for page in PAGES if (text := rewritten(page)) != page.read_text("utf-8")}
    except WordsMissing as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if "--check" not in sys.argv:
        for page, text in changed.items():
            page.write_text(text, "utf-8")
        return 0
    for page in changed:
        sys.stderr.write(f"docs/{page.name} is not what the code says: run `make docs` and review the diff\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
