"""Sound connectors of other kinds than the one that `yuhub connector new` writes: other pages, other ways of paging."""

from __future__ import annotations

import json

from tests.support.sdk.packages import Change
from tests.support.sdk.planted import PAGES, READ, last_is

ROWS = [
    {
        "sequence": 1,
        "notice": "5D0E7E0B-6E0B-4A53-8A0C-3F2B1E7D9C44",
        "status": "accepted",
        "reason": "",
        "at": "2026-01-09T10:00:00+08:00",
        "fee": 1.10,
    },
    {
        "sequence": 2,
        "notice": "5D0E7E0B-6E0B-4A53-8A0C-3F2B1E7D9C44",
        "status": "finished",
        "reason": "已办结",
        "at": "2026-01-09T16:30:00+08:00",
        "fee": 20.00,
    },
]
SAMPLE = "samples/results.received.json"
ANSWERS = 'return {"results": said[after : after + limit]}'
TYPED = "def results() -> dict[str, list[dict[str, str | int]]]:"


def page(body: str) -> Change:
    return Change(SAMPLE, None, body)


def reads(*rows: str, row: str = "as_object(member)") -> tuple[Change, ...]:
    """`rows` read the members of a page from `body`; the cursor is that of the last one that has it."""
    return (
        Change("streams.py", READ, "return each(_rows(page.body), self._result)"),
        Change("streams.py", "as_object(member)", row),
        *last_is(
            f"found = [*each(_rows(page.body), lambda member: [(0, {row})])]",
            "told = [one[1] for one in found if isinstance(one, tuple) and one[1].get('sequence')]",
            "return str(told[-1]['sequence']) if told else None",
            "",
            "",
        ),
        Change("streams.py", "def _last(page):", "\n    ".join(["def _rows(body):", *rows]) + "\n\n\ndef _last(page):"),
        Change("streams.py", "import Ask, Http,", "import Ask, BadData, Http,"),
    )


def says(*lines: str) -> tuple[Change, ...]:
    return (
        Change("tests/twin.py", TYPED, "def results():"),
        Change("tests/twin.py", ANSWERS, "\n        ".join(["rows = said[after : after + limit]", *lines])),
    )


HEADING = "sequence,notice,status,reason,at"
TABLE = "\r\n".join([HEADING, *(",".join(str(row[name]) for name in HEADING.split(",")) for row in ROWS), ""])
WATERMARK = """from connectors.sdk.paging import all_of, by_watermark
        marks = all_of("results", "at")
        return by_watermark(
            http, "results", ask.cursor, marks, lambda at: {"since": at, "limit": PAGE}, limit=PAGE, inclusive=INCLUSIVE
        )"""
MARKED = (
    Change(
        "tests/twin.py",
        'after, limit = int(request.args["after"]), int(request.args["limit"])',
        'since, limit = request.args["since"], int(request.args["limit"])',
    ),
    Change("tests/twin.py", '"at": "2026-01-09T10:00:00+08:00"', '"at": f"2026-01-09T10:00:{len(said):02}+08:00"'),
)

VARIANTS: dict[str, tuple[Change, ...]] = {
    "a JSON array": (
        page(json.dumps(ROWS, ensure_ascii=False)),
        *reads(
            "rows = read_json(body)",
            "if not isinstance(rows, list):",
            '    raise BadData("a list was agreed")',
            "return rows",
        ),
        Change("streams.py", "import as_object, read_list", "import as_object, read_json"),
        *says("return rows"),
    ),
    "NDJSON": (
        page("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)),
        *reads("return [line for line in body.splitlines() if line.strip()]", row="as_object(read_json(member))"),
        Change("streams.py", "import as_object, read_list", "import as_object, read_json"),
        *says('return "".join(__import__("json").dumps(row) + "\\n" for row in rows)'),
    ),
    "CSV": (
        page(TABLE),
        *reads(
            "import csv",
            'rows = [*csv.reader(body.decode("utf-8-sig").splitlines())]',
            f"if not rows or rows[0] != {HEADING.split(',')!r}:",
            '    raise BadData("another heading than agreed")',
            "return [dict(zip(rows[0], row)) if row else None for row in rows[1:]]",
        ),
        Change("streams.py", "import as_object, read_list", "import as_object"),
        *says(
            f"heading = {HEADING!r}",
            'cells = [",".join(str(row.get(name, "")) for name in heading.split(",")) for row in rows]',
            'return "\\r\\n".join([heading, *cells, ""])',
        ),
    ),
    "links": (
        Change(
            "streams.py",
            PAGES,
            "from connectors.sdk.paging import by_link\n"
            '        return by_link(http, "results", ask.cursor, {"after": "0", "limit": PAGE})',
        ),
        *says(
            "link = f'<results?after={after + limit}&limit={limit}>; rel=\"next\"'",
            'return {"results": rows}, 200, {"Link": link} if after + limit < len(said) else {}',
        ),
    ),
    "a token that is null on the last page": (
        Change(
            "streams.py",
            PAGES,
            "from connectors.sdk.paging import in_body\n"
            '        parameters = lambda after: {"after": after or "0", "limit": PAGE}\n'
            '        return by_cursor(http, "results", ask.cursor, in_body("next"), parameters)',
        ),
        *says('return {"results": rows, "next": after + limit if after + limit < len(said) else None}'),
    ),
    "an inclusive watermark": (
        Change("streams.py", PAGES, WATERMARK.replace("INCLUSIVE", "True")),
        *MARKED,
        Change("tests/twin.py", ANSWERS, 'return {"results": [row for row in said if row["at"] >= since][:limit]}'),
    ),
    "an exclusive watermark": (
        Change("streams.py", PAGES, WATERMARK.replace("INCLUSIVE", "False")),
        *MARKED,
        Change("tests/twin.py", ANSWERS, 'return {"results": [row for row in said if row["at"] > since][:limit]}'),
    ),
    "page numbers without a total": (
        Change(
            "streams.py",
            PAGES,
            "from connectors.sdk.paging import by_number, count_of\n"
            '        ask = lambda number: {"page": number, "size": PAGE}\n'
            '        return by_number(http, "results", None, ask, rows=count_of("results"))',
        ),
        Change(
            "tests/twin.py",
            'after, limit = int(request.args["after"]), int(request.args["limit"])',
            'limit = int(request.args["size"])\n        after = (int(request.args["page"]) - 1) * limit',
        ),
    ),
}
