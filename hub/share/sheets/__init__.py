"""Where each field of each paper comes from: the one table that papers, evidence and re-use ledger are made from.

A sheet stands beside the paper's schema in `connectors.sdk.papers`; a test holds the two equal.
"""

from hub.share.sheets.customs import CUSTOMS
from hub.share.sheets.others import OTHERS

SHEETS = {sheet.kind: sheet for sheet in (*CUSTOMS, *OTHERS)}
