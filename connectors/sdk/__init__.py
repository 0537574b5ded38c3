"""Everything an integrator needs: import from here."""

from connectors.sdk.connector import Connector
from connectors.sdk.errors import (
    BadData,
    Bug,
    ConnectorError,
    ManifestError,
    NeedsCredentials,
    NotProven,
    OutcomeUnknown,
    OutOfTime,
    RejectedByAuthority,
    Retriable,
)
from connectors.sdk.health import Finding
from connectors.sdk.hook import Hook, Push, Signed
from connectors.sdk.http import Http, Page
from connectors.sdk.instants import BEIJING, Moment
from connectors.sdk.manifest import Manifest
from connectors.sdk.members import Aside, each
from connectors.sdk.papers import Paper, PaperSchema, Problem
from connectors.sdk.signing import Signer
from connectors.sdk.states import Codes, Rank, Ruling, State, accepted
from connectors.sdk.stream import Ask, Stream
from connectors.sdk.submission import Holding, Message, Submission

__all__ = [
    "BEIJING",
    "Aside",
    "Ask",
    "BadData",
    "Bug",
    "Codes",
    "Connector",
    "ConnectorError",
    "Finding",
    "Holding",
    "Hook",
    "Http",
    "Manifest",
    "ManifestError",
    "Message",
    "Moment",
    "NeedsCredentials",
    "NotProven",
    "OutOfTime",
    "OutcomeUnknown",
    "Page",
    "Paper",
    "PaperSchema",
    "Problem",
    "Push",
    "Rank",
    "RejectedByAuthority",
    "Retriable",
    "Ruling",
    "Signed",
    "Signer",
    "State",
    "Stream",
    "Submission",
    "accepted",
    "each",
]
