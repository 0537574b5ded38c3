"""Faults of pages: records twice, in another order, at one time, edited meanwhile, in another shape, for ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from mocks.hostile.call import Answer, Call, Parameters
from mocks.hostile.rows import Rows, copied, read_rows, shifted
from mocks.listing import Listing

MOST_ROWS = 500


def _on_rows(call: Call, act: Callable[[Rows, Listing], None], **query: str | int) -> Answer:
    """The answer from behind with its records acted upon; as it was where it holds none."""
    answer = call.pass_on(**query)
    content = answer.content
    rows = read_rows(content, call.listing) if call.listing and answer.status == 200 else None
    if call.listing is None or rows is None or not rows.rows:
        return answer.saying(content)
    act(rows, call.listing)
    return answer.saying(rows.write())


def _on_each(call: Call, act: Callable[[Rows, Listing, Any], None]) -> Answer:
    def on_all(page: Rows, listing: Listing) -> None:
        for row in page.rows:
            act(page, listing, row)

    return _on_rows(call, on_all)


def _on_times(page: Rows, listing: Listing, row: Any, change: Callable[[str], str]) -> None:
    for name in listing.times:
        page.map(row, name, change)


def short_pages(call: Call, given: Parameters) -> Answer:
    listing = call.listing
    return call.pass_on(**{listing.limit: given["rows"]}) if listing else call.pass_on()


def duplicates(call: Call, _: Parameters) -> Answer:
    def twice(page: Rows, _: Listing) -> None:
        page.rows = [copy for row in page.rows for copy in copied([row, row])]

    return _on_rows(call, twice)


def out_of_order(call: Call, _: Parameters) -> Answer:
    def backwards(page: Rows, _: Listing) -> None:
        page.rows = page.rows[::-1]

    return _on_rows(call, backwards)


def equal_times(call: Call, _: Parameters) -> Answer:
    """All times become the first that was ever told, on this page and on those that follow."""

    def level(page: Rows, listing: Listing, row: Any) -> None:
        _on_times(page, listing, row, lambda text: str(call.memory.setdefault(call.path, text)))

    return _on_each(call, level)


def edited(call: Call, _: Parameters) -> Answer:
    """Somebody touches the first record once its page has been read: it is newer now, and stands elsewhere."""
    listing = call.listing
    if listing is not None and listing.page:
        return _edited_and_numbered(call, listing)
    return _on_rows(call, lambda page, listing: _tell_again(call, page, listing))


def _tell_again(call: Call, page: Rows, listing: Listing) -> None:
    """Who asks for what comes after a record is told the touched one again, before the others."""
    if call.path not in call.memory:
        call.memory[call.path] = page.rows[0]
        page.rows = copied(page.rows)
        return
    again = copied([call.memory.pop(call.path)])
    _touch(page, listing, again[0])
    page.rows = [*again, *page.rows]


def _edited_and_numbered(call: Call, listing: Listing) -> Answer:
    """Pages with numbers: the touched record goes to the end, all others move up, and one slips onto a page before."""
    number = int(call.query.get(listing.page, "1"))
    if call.path not in call.memory:
        call.memory[call.path] = True
        return call.pass_on()
    whole = read_rows(call.pass_on(**{listing.page: 1, listing.limit: MOST_ROWS}).content, listing)
    if whole is None or not whole.rows:
        return call.pass_on()
    _touch(whole, listing, whole.rows[0])
    moved, size = [*whole.rows[1:], whole.rows[0]], int(call.query[listing.limit])

    def move_up(page: Rows, _: Listing) -> None:
        page.rows = moved[(number - 1) * size : number * size]

    return _on_rows(call, move_up)


def _touch(page: Rows, listing: Listing, row: Any) -> None:
    _on_times(page, listing, row, lambda text: shifted(text, timedelta(seconds=1)))


def field_added(call: Call, _: Parameters) -> Answer:
    return _on_each(call, lambda page, _, row: page.add(row))


def field_removed(call: Call, given: Parameters) -> Answer:
    return _on_each(call, lambda page, listing, row: page.remove(row, given["field"] or listing.field))


def field_retyped(call: Call, given: Parameters) -> Answer:
    return _on_each(call, lambda page, listing, row: page.retype(row, given["field"] or listing.field))


def clock_skew(call: Call, given: Parameters) -> Answer:
    """Every time that is told, in the records and in the Date header, is off by so many minutes."""
    by = timedelta(minutes=given["minutes"])
    answer = _on_each(call, lambda page, listing, row: _on_times(page, listing, row, lambda text: shifted(text, by)))
    return Answer(answer.status, tuple(_skewed(one, by) for one in answer.headers), answer.body)


def _skewed(header: tuple[str, str], by: timedelta) -> tuple[str, str]:
    name, value = header
    return (name, format_datetime(parsedate_to_datetime(value) + by, usegmt=True)) if name == "Date" else header


def repeating(call: Call, _: Parameters) -> Answer:
    """Whatever the caller asks to go on from, the same page comes, and says that there is more."""
    listing = call.listing
    if listing is None:
        return call.pass_on()
    if listing.page:
        return _endless(call, listing)
    if call.path not in call.memory:
        answer = call.pass_on()
        content = answer.content
        rows = read_rows(content, listing)
        if rows is None or not rows.rows:
            return answer.saying(content)
        call.memory[call.path] = answer.saying(content)
    first: Answer = call.memory[call.path]
    return first


def _endless(call: Call, listing: Listing) -> Answer:
    number = int(call.query.get(listing.page, "1"))
    answer = call.pass_on(**{listing.page: 1})
    return answer.saying(re.sub(rb'"pages": ?\d+', b'"pages":%d' % (number + 1), answer.content))
