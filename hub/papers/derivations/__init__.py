"""Where each field of each paper comes from: the one table that papers, evidence and re-use ledger are made from.

A derivation stands beside the paper's schema in `connectors.sdk.papers`; a test holds the two equal.
"""

from hub.papers.derivations.customs import CUSTOMS
from hub.papers.derivations.others import OTHERS

DERIVATIONS = {derivation.kind: derivation for derivation in (*CUSTOMS, *OTHERS)}
