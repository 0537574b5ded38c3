"""The rail connector."""

from __future__ import annotations

from connectors.rail.codes import CODES
from connectors.rail.documents import BookingDocument
from connectors.rail.streams import Changes, Events, Schedules, Stock, Warehouses
from connectors.sdk import Connector, Document, Manifest, Stream
from connectors.sdk.credentials import ClientCredentials, Credentials


class Rail(Connector):
    """The digital platform of the China–Europe trains from Zhengzhou."""

    manifest = Manifest.beside(__file__)
    codes = CODES

    def build_streams(self) -> tuple[Stream, ...]:
        return Changes(), Events(), Stock(), Warehouses(), Schedules()

    def build_documents(self) -> tuple[Document, ...]:
        return (BookingDocument(),)

    def sign_in(self) -> Credentials:
        return ClientCredentials("oauth/token", self.settings["client_id"], self.settings["client_secret"], self.now)
