"""`python -m hub_graphql.printed`: writes graphql/schema.graphql, or with --check says whether it is up to date."""

from __future__ import annotations

import sys

from hub_graphql.files import folder
from hub_graphql.schema import build_schema


def main() -> int:
    file, printed = folder() / "schema.graphql", f"{build_schema()}\n"
    if "--check" not in sys.argv:
        file.write_text(printed, "utf-8")
        return 0
    if not file.exists() or file.read_text("utf-8") != printed:
        sys.stderr.write("graphql/schema.graphql is not what the code prints: run `make schema` and review the diff\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
