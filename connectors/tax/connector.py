"""The tax connector."""

from __future__ import annotations

from connectors.sdk import Connector, Manifest, Stream, Submission
from connectors.sdk.credentials import Credentials, HeaderCredential
from connectors.sdk.working_out import worked_out_in
from connectors.tax import derive
from connectors.tax.codes import CODES
from connectors.tax.streams import RefundRates, Results
from connectors.tax.submissions import RefundFiling


class Tax(Connector):
    """The bureau's filing of export refunds."""

    manifest = Manifest.beside(__file__)
    codes = CODES
    computations = worked_out_in(derive)

    def build_streams(self) -> tuple[Stream, ...]:
        return Results(), RefundRates()

    def build_submissions(self) -> tuple[Submission, ...]:
        return (RefundFiling(),)

    def sign_in(self) -> Credentials:
        return HeaderCredential("X-API-Key", self.settings["api_key"])
