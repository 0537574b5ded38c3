"""The tax connector."""

from __future__ import annotations

from connectors.sdk import Connector, Document, Manifest, Stream
from connectors.sdk.credentials import Credentials, Header
from connectors.tax.codes import CODES
from connectors.tax.documents import RefundFiling
from connectors.tax.streams import Rates, Results


class Tax(Connector):
    """The bureau's filing of export refunds."""

    manifest = Manifest.beside(__file__)
    codes = CODES

    def build_streams(self) -> tuple[Stream, ...]:
        return Results(), Rates()

    def build_documents(self) -> tuple[Document, ...]:
        return (RefundFiling(),)

    def sign_in(self) -> Credentials:
        return Header("X-API-Key", self.settings["api_key"])
