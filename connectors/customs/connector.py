"""The customs connector."""

from __future__ import annotations

from connectors.customs import derive
from connectors.customs.codes import CODES
from connectors.customs.declarations import Declarations, DeclarationSubmission
from connectors.customs.messages import MESSAGES
from connectors.customs.streams import Responses, Tariffs
from connectors.customs.submissions import CebSubmission, Transfer
from connectors.sdk import Connector, Manifest, Signer, Stream, Submission
from connectors.sdk.certificates import KeyPair
from connectors.sdk.credentials import Credentials, bearer
from connectors.sdk.signing import EnvelopedRsaSha1
from connectors.sdk.working_out import worked_out_in


class Customs(Connector):
    """China Customs' cross-border e-commerce system, through the data exchange of the electronic port."""

    manifest = Manifest.beside(__file__)
    codes = CODES
    computations = worked_out_in(derive)

    def build_streams(self) -> tuple[Stream, ...]:
        return Responses(self.settings["dxp_id"]), Declarations(), Tariffs()

    def build_submissions(self) -> tuple[Submission, ...]:
        transfer = Transfer(
            code=self.settings["transfer_code"],
            name=self.settings["transfer_name"],
            dxp_id=self.settings["dxp_id"],
            receiver_id=self.settings["receiver_id"],
        )
        return (*(CebSubmission(message, transfer, self.signer) for message in MESSAGES), DeclarationSubmission())

    def build_signer(self) -> Signer | None:
        parts = [self.settings.get(f"signing_{part}", "") for part in ("certificate", "key", "key_password")]
        return EnvelopedRsaSha1(KeyPair("signing", *parts), self.now) if any(parts[:2]) else None

    def sign_in(self) -> Credentials:
        return bearer(self.settings["token"])
