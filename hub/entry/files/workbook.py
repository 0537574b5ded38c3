"""An XLSX file as the package of XML parts that it is, read without ever holding a whole one that grows with its rows.

ECMA-376 part 1, 12 (package) and 18 (SpreadsheetML). Why not openpyxl, which writes our workbooks: read row by row it
still holds every text that a sheet refers to (measured: 24 MB for 140,000 of them, so 1 GB for a full sheet), sets no
limit to what a part unpacks to, and takes half as long again. Here texts lie on disk.
"""

from __future__ import annotations

import posixpath
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import BadZipFile, ZipFile

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from connectors.sdk.codecs import local_name, read_xml
from connectors.sdk.errors import BadData
from hub.errors import HubError

MIB = 2**20
LARGEST = 2048 * MIB
"""Of all parts, unpacked: about three times what the most rows that a sheet can have need."""
LARGEST_PART = 16 * MIB
"""Of a part that is held: styles, the list of sheets."""
RATIO, SMALL = 200, 32 * MIB
"""Sheets of real trades pack to a twentieth or a thirtieth; below `SMALL` nobody needs to ask."""
HOT_STRINGS = 20_000
CHINESE_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Number formats of dates that a Chinese Excel has beside the common ones (ECMA-376 part 1, 18.8.30, zh-cn)."""


class Sheet(NamedTuple):
    name: str
    part: str
    hidden: bool


DAMAGED = (etree.XMLSyntaxError, BadData, BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
"""What reading a package raises that is none, or is one no longer."""


@contextmanager
def open_workbook(file: Path) -> Iterator[Workbook]:
    """FILE_TOO_LARGE before anything is unpacked that is too much; FILE_UNREADABLE where it is no workbook."""
    try:
        archive = ZipFile(file)
    except DAMAGED:
        raise HubError("FILE_UNREADABLE", file=str(file), cause="damaged") from None
    with archive, closing(sqlite3.connect("", isolation_level=None)) as strings:
        _refuse_bomb(file, archive)
        yield Workbook(file, archive, strings)


def _refuse_bomb(file: Path, archive: ZipFile) -> None:
    parts = archive.infolist()
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > LARGEST:
        raise HubError("FILE_TOO_LARGE", file=str(file), what="unpacked", value=unpacked // MIB, limit=LARGEST // MIB)
    if unpacked > SMALL and unpacked > RATIO * packed:
        raise HubError("FILE_TOO_LARGE", file=str(file), what="ratio", value=unpacked // max(packed, 1), limit=RATIO)


class Workbook:
    """The parts of a workbook."""

    def __init__(self, file: Path, archive: ZipFile, strings: sqlite3.Connection) -> None:
        self.file, self._archive, self._strings = file, archive, strings
        self._part = next(iter(self._related("", "officeDocument").values()), "xl/workbook.xml")
        self._root = self._xml(self._part)
        self.string = lru_cache(HOT_STRINGS)(self._string)

    def sheets(self) -> list[Sheet]:
        """The sheets with cells, in the order of their tabs."""
        parts = self._related(self._part, "worksheet")
        found = []
        for one in self._root.iter("{*}sheet"):
            relation = next((str(value) for name, value in one.attrib.items() if str(name).endswith("}id")), "")
            if relation in parts:
                hidden = one.get("state", "visible") != "visible"
                found.append(Sheet(str(one.get("name", "")), parts[relation], hidden))
        return found

    def is_from_1904(self) -> bool:
        """Whether days are counted from 1904, as on an old Macintosh."""
        return any(one.get("date1904") in ("1", "true") for one in self._root.iter("{*}workbookPr"))

    def formats(self) -> list[str]:
        """The number format of each style; `date` for those that show a day or a time."""
        part = next(iter(self._related(self._part, "styles").values()), "")
        if not part:
            return []
        root = self._xml(part)
        own = {str(one.get("numFmtId")): str(one.get("formatCode", "")) for one in root.iter("{*}numFmt")}
        cells = next(root.iter("{*}cellXfs"), None)
        return [_format(str(one.get("numFmtId", "0")), own) for one in cells] if cells is not None else []

    def read_strings(self) -> None:
        """Puts the texts that cells refer to on disk."""
        self._strings.execute("PRAGMA journal_mode=OFF")
        self._strings.execute("CREATE TABLE string (id INTEGER PRIMARY KEY, text TEXT)")
        self._strings.execute("BEGIN")
        for part in self._related(self._part, "sharedStrings").values():
            for number, one in enumerate(self.elements(part, "si", "sst")):
                self._strings.execute("INSERT INTO string VALUES (?, ?)", (number, text_of(one)))
        self._strings.execute("COMMIT")

    def _string(self, number: int) -> str:
        found = self._strings.execute("SELECT text FROM string WHERE id = ?", (number,)).fetchone()
        if found is None:
            raise self.damaged()
        return str(found[0])

    def damaged(self) -> HubError:
        return HubError("FILE_UNREADABLE", file=str(self.file), cause="damaged")

    def start(self, part: str) -> bytes:
        """The first bytes of a part."""
        try:
            with self._archive.open(part) as stream:
                return stream.read(4096)
        except (KeyError, RuntimeError, *DAMAGED):
            raise self.damaged() from None

    def elements(self, part: str, tag: str, within: str) -> Iterator[etree._Element]:
        """The elements of one name in a part, until what they stand in ends; each is forgotten when the next comes."""
        try:
            with self._archive.open(part) as stream:
                meter = _Meter(stream)
                parser = etree.iterparse(
                    meter, tag=(f"{{*}}{tag}", f"{{*}}{within}"), resolve_entities=False, no_network=True,
                    load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
                )  # fmt: skip
                for _, element in parser:
                    if element.getroottree().docinfo.internalDTD is not None:
                        raise HubError("FILE_UNREADABLE", file=str(self.file), cause="entities")
                    if local_name(element) == within:
                        return
                    yield element
                    meter.passed = 0
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
        except _Overfull:
            raise self._too_large(part) from None
        except (KeyError, RuntimeError, *DAMAGED):
            raise self.damaged() from None

    def _too_large(self, part: str) -> HubError:
        return HubError(
            "FILE_TOO_LARGE",
            file=f"{self.file} ({part})",
            what="part",
            value=f"> {LARGEST_PART // MIB}",
            limit=LARGEST_PART // MIB,
        )

    def _xml(self, part: str) -> etree._Element:
        try:
            with self._archive.open(part) as stream:
                body = stream.read(LARGEST_PART + 1)
            if len(body) > LARGEST_PART:
                raise self._too_large(part)
            return read_xml(body)
        except (KeyError, RuntimeError, *DAMAGED) as error:
            cause = "entities" if "document type" in str(error) else "damaged"
            raise HubError("FILE_UNREADABLE", file=str(self.file), cause=cause) from None

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """The parts of a kind that a part refers to, by the name it has for them."""
        folder, name = posixpath.split(part)
        found = {}
        for one in self._xml(posixpath.join(folder, "_rels", f"{name}.rels")):
            if local_name(one) == "Relationship" and str(one.get("Type", "")).endswith(f"/{kind}"):
                found[str(one.get("Id"))] = posixpath.normpath(posixpath.join("/", folder, str(one.get("Target"))))[1:]
        return found


class _Overfull(Exception):
    """One element of a part is larger than is held."""


class _Meter:
    """A stream that breaks off where too much comes before the next element."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.passed = 0

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self.passed += len(chunk)
        if self.passed > LARGEST_PART:
            raise _Overfull
        return chunk


def text_of(element: etree._Element) -> str:
    """The text of a string with its runs; how it is read aloud (`rPh`) is no part of it."""
    return "".join(run.text or "" for run in element.iter("{*}t") if not _is_reading(run.getparent()))


def _is_reading(element: etree._Element | None) -> bool:
    return element is not None and str(element.tag).endswith("}rPh")


def _format(number: str, own: dict[str, str]) -> str:
    code = own.get(number) or BUILTIN_FORMATS.get(int(number), "General")
    return "date" if is_date_format(code) or (number not in own and int(number) in CHINESE_DATES) else code
