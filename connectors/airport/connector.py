"""The airport connector."""

from __future__ import annotations

from connectors.airport import derive
from connectors.airport.codes import CODES
from connectors.airport.streams import AirportStock, LogisticsEvents, Waybills
from connectors.airport.submissions import WaybillSubmission
from connectors.sdk import Connector, Hook, Manifest, Stream, Submission, hook
from connectors.sdk.credentials import Credentials, bearer
from connectors.sdk.working_out import worked_out_in


class Airport(Connector):
    """A ONE Record server of an airport or a carrier."""

    manifest = Manifest.beside(__file__)
    codes = CODES
    computations = worked_out_in(derive)

    def build_streams(self) -> tuple[Stream, ...]:
        return Waybills(), LogisticsEvents(), AirportStock()

    def build_submissions(self) -> tuple[Submission, ...]:
        return (WaybillSubmission(self.settings["base_url"]),)

    def build_hooks(self) -> tuple[Hook, ...]:
        return (Hook("notifications", hook.bearer(self.settings["notify_token"]), news_only=True),)

    def sign_in(self) -> Credentials:
        return bearer(self.settings["token"])
