"""The forex connector."""

from __future__ import annotations

from connectors.forex import derive
from connectors.forex.basic_information import BasicInformationList
from connectors.forex.codes import CODES
from connectors.forex.streams import Credits, Parity
from connectors.forex.submissions import RemittanceDeclaration
from connectors.sdk import Connector, Manifest, Stream, Submission
from connectors.sdk.credentials import Credentials, basic
from connectors.sdk.working_out import worked_out_in


class Forex(Connector):
    """The bank that takes the money in, and the declaration of what it was for."""

    manifest = Manifest.beside(__file__)
    codes = CODES
    computations = worked_out_in(derive)

    def build_streams(self) -> tuple[Stream, ...]:
        return Credits(), BasicInformationList(), Parity()

    def build_submissions(self) -> tuple[Submission, ...]:
        return (RemittanceDeclaration(),)

    def sign_in(self) -> Credentials:
        return basic(self.settings["user"], self.settings["password"])
