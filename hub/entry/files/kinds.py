"""What a file is: by its first bytes, and only then by its name."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from connectors.sdk.codecs import read_json
from connectors.sdk.errors import BadData
from hub.entry.files.header import known_columns
from hub.entry.files.lines import Lines
from hub.errors import HubError


class Kind(StrEnum):
    CSV = "CSV"
    XLSX = "XLSX"
    JSON = "JSON"
    NDJSON = "NDJSON"


ENDINGS = {
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".xlsx": Kind.XLSX,
    ".xlsm": Kind.XLSX,
    ".json": Kind.JSON,
    ".ndjson": Kind.NDJSON,
    ".jsonl": Kind.NDJSON,
}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY = (
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
)
"""How files begin that are sent by mistake."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SAMPLE = 200
"""Lines with other than ASCII letters that decide which encoding it is."""


def kind_of(file: Path) -> Kind:
    """What the file holds. FILE_KIND_WRONG where its name says otherwise, FILE_UNREADABLE where it is none of ours."""
    try:
        with file.open("rb") as stream:
            start = stream.read(4096)
    except OSError as error:
        raise HubError("FILE_UNREADABLE", file=str(file), cause=error.strerror or str(error)) from None
    named = ENDINGS.get(file.suffix.lower())
    found = _found(file, start, named)
    if named and named is not found:
        raise HubError("FILE_KIND_WRONG", file=str(file), named=named.value, found=found.value)
    return found


def _found(file: Path, start: bytes, named: Kind | None) -> Kind:
    if start.startswith(ZIP):
        return _in_zip(file)
    if start.startswith(OLE):
        raise HubError("FILE_UNREADABLE", file=str(file), cause="encrypted" if _is_encrypted(file) else "old xls")
    for begins, name in BINARY:
        if start.startswith(begins):
            raise HubError("FILE_KIND_WRONG", file=str(file), named=file.suffix.lstrip(".").upper() or "?", found=name)
    if start.startswith(UTF_16):
        raise HubError("FILE_UNREADABLE", file=str(file), cause="utf-16")
    if not start.removeprefix(b"\xef\xbb\xbf").strip():
        raise HubError("FILE_UNREADABLE", file=str(file), cause="empty")
    if b"\x00" in start:
        raise HubError("FILE_UNREADABLE", file=str(file), cause="no text")
    return _in_text(file, start, named)


def _in_zip(file: Path) -> Kind:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise HubError("FILE_UNREADABLE", file=str(file), cause="damaged") from None
    if "_rels/.rels" in names and any(name.endswith("workbook.xml") for name in names):
        return Kind.XLSX
    raise HubError("FILE_UNREADABLE", file=str(file), cause="no workbook")


def _is_encrypted(file: Path) -> bool:
    """Whether an OLE container holds an encrypted package; the other ones are .xls (MS-CFB 2.2: where its list is)."""
    with file.open("rb") as stream:
        header = stream.read(52)
        shift, first = struct.unpack("<H", header[30:32])[0], struct.unpack("<I", header[48:52])[0]
        stream.seek((first + 1) << min(shift, 12))
        return "EncryptedPackage".encode("utf-16-le") in stream.read(8192)


def _in_text(file: Path, start: bytes, named: Kind | None) -> Kind:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        return Kind.JSON
    if text.startswith(b"{"):
        return _one_or_many(file)
    is_table = any(known_columns(first_cells(start, separator)) >= 2 for separator in ",;\t")
    return Kind.CSV if is_table or named in (None, Kind.XLSX) else named


def first_cells(start: bytes, separator: str) -> list[str]:
    """The cells of the first line, roughly: enough to see whether it is a header."""
    line = start.removeprefix(b"\xef\xbb\xbf").strip().partition(b"\n")[0]
    for encoding in ("utf-8", "gb18030"):
        try:
            return line.decode(encoding).split(separator)
        except UnicodeDecodeError:
            continue
    return []


def _one_or_many(file: Path) -> Kind:
    """JSON in which one trade goes over several lines, or NDJSON in which each line is one."""
    with file.open("rb") as stream:
        filled = (line for _, line in Lines(stream.read) if line is None or line.strip(b"\xef\xbb\xbf \t"))
        first, second = next(filled, b""), next(filled, b"")
    if first is None or (second or b"").lstrip().startswith(b"{"):
        return Kind.NDJSON
    try:
        read_json(first)
    except BadData:
        return Kind.JSON
    return Kind.NDJSON if second or file.suffix.lower() != ".json" else Kind.JSON


def encoding_of(file: Path) -> str:
    """UTF-8 or GB18030, whichever the first lines with other than ASCII letters are."""
    with file.open("rb") as stream:
        return _encoding(line for _, line in Lines(stream.read) if line is not None)


def _encoding(lines: Iterable[bytes]) -> str:
    fits = {"utf-8": 0, "gb18030": 0}
    for line in _sample(lines):
        for encoding in fits:
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                continue
            fits[encoding] += 1
    return "utf-8" if fits["utf-8"] * 2 >= fits["gb18030"] else "gb18030"


def _sample(lines: Iterable[bytes]) -> Iterator[bytes]:
    found = 0
    for line in lines:
        if not line.isascii():
            yield line
            found += 1
        if found == SAMPLE:
            return
