"""The rail connector."""

from __future__ import annotations

from connectors.rail.codes import CODES
from connectors.rail.streams import Changes, Schedules, StationStock, TrackEvents, Warehouses
from connectors.rail.submissions import BookingSubmission
from connectors.sdk import Connector, Manifest, Stream, Submission
from connectors.sdk.credentials import ClientCredentials, Credentials


class Rail(Connector):
    """The digital platform of the China–Europe trains from Zhengzhou."""

    manifest = Manifest.beside(__file__)
    codes = CODES

    def build_streams(self) -> tuple[Stream, ...]:
        return Changes(), TrackEvents(), StationStock(), Warehouses(), Schedules()

    def build_submissions(self) -> tuple[Submission, ...]:
        return (BookingSubmission(),)

    def sign_in(self) -> Credentials:
        return ClientCredentials("oauth/token", self.settings["client_id"], self.settings["client_secret"], self.now)
