"""An event as DCSA Track & Trace 3.0 has it: metadata and payload apart, places and references in their new forms."""

from __future__ import annotations

from mocks.rail.stream import Row

METADATA = ("eventID", "eventCreatedDateTime", "eventType")
OF_THE_CALL = ("facilityTypeCode", "modeOfTransport")


def as_3(row: Row) -> Row:
    """The row of edition 2.2 in edition 3.0; its place in the platform's list stays outside."""
    call = row["transportCall"]
    payload = {name: value for name, value in row.items() if name not in (*METADATA, "sequence", "documentReferences")}
    payload["transportCall"] = {
        **{name: call[name] for name in OF_THE_CALL},
        "transportCallReference": f"{call['exportVoyageNumber']}/{call['UNLocationCode']}",
        "railService": call["exportVoyageNumber"],
        "location": {"locationType": "UNLO", "UNLocationCode": call["UNLocationCode"]},
    }
    payload["relatedDocumentReferences"] = [
        {"type": one["documentReferenceType"], "value": one["documentReferenceValue"]}
        for one in row["documentReferences"]
    ]
    return {
        "sequence": row["sequence"],
        "metadata": {**{name: row[name] for name in METADATA}, "publisherRole": "CA"},
        "payload": payload,
    }
