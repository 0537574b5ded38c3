"""Which form a page has, so that it can be written otherwise.

A page in another form is left as it is, and whoever asks about it is told that there is nothing to ask.
"""

from __future__ import annotations

import csv

from lxml import etree

from connectors.sdk.testing.form import MARK, Form
from connectors.sdk.testing.trees import Tree
from connectors.sdk.testing.values import read_csv_page, read_json_page


def form_of(body: bytes) -> Form | None:
    """The form of a page; None where it is none of those that are known."""
    body = body.removeprefix(MARK)
    start = body.lstrip()[:1]
    try:
        if start == b"<":
            return Tree(body)
        return read_json_page(body) if start in (b"{", b"[") else read_csv_page(body)
    except (ValueError, csv.Error, etree.XMLSyntaxError):
        return None
