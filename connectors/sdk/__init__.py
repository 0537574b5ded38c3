"""Everything an integrator needs: import from here."""

from connectors.sdk.connector import Connector
from connectors.sdk.document import Document, Message
from connectors.sdk.errors import (
    BadData,
    Bug,
    ConnectorError,
    ManifestError,
    NeedsCredentials,
    OutcomeUnknown,
    RejectedByAuthority,
    Retriable,
)
from connectors.sdk.health import Finding
from connectors.sdk.http import Http, Page
from connectors.sdk.manifest import Manifest
from connectors.sdk.moments import BEIJING, Moment
from connectors.sdk.papers import Paper, PaperSchema, Problem
from connectors.sdk.signing import Signer
from connectors.sdk.states import Codes, Rank, Ruling, State, accepted
from connectors.sdk.stream import Stream

__all__ = [
    "BEIJING",
    "BadData",
    "Bug",
    "Codes",
    "Connector",
    "ConnectorError",
    "Document",
    "Finding",
    "Http",
    "Manifest",
    "ManifestError",
    "Message",
    "Moment",
    "NeedsCredentials",
    "OutcomeUnknown",
    "Page",
    "Paper",
    "PaperSchema",
    "Problem",
    "Rank",
    "RejectedByAuthority",
    "Retriable",
    "Ruling",
    "Signer",
    "State",
    "Stream",
    "accepted",
]
