"""The airport connector."""

from __future__ import annotations

from connectors.airport.codes import CODES
from connectors.airport.documents import WaybillDocument
from connectors.airport.streams import Events, Stock, Waybills
from connectors.sdk import Connector, Document, Hook, Manifest, Stream, hook
from connectors.sdk.credentials import Credentials, bearer


class Airport(Connector):
    """A ONE Record server of an airport or a carrier."""

    manifest = Manifest.beside(__file__)
    codes = CODES

    def build_streams(self) -> tuple[Stream, ...]:
        return Waybills(), Events(), Stock()

    def build_documents(self) -> tuple[Document, ...]:
        return (WaybillDocument(self.settings["base_url"]),)

    def build_hooks(self) -> tuple[Hook, ...]:
        return (Hook("notifications", hook.bearer(self.settings["notify_token"]), news_only=True),)

    def sign_in(self) -> Credentials:
        return bearer(self.settings["token"])
