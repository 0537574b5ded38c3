"""The ebPay connector."""

from __future__ import annotations

from connector_ebpay.codes import CODES
from connector_ebpay.streams import Payments, Settlements
from connector_ebpay.submissions import CertificateRequest, SettlementApplication
from connectors.sdk import Connector, Hook, Manifest, Signed, Stream, Submission
from connectors.sdk.credentials import Credentials, HeaderCredential


class Ebpay(Connector):
    """A payment institution: what it collected, and what it is to settle."""

    manifest = Manifest.beside(__file__)
    codes = CODES

    def build_streams(self) -> tuple[Stream, ...]:
        return Payments(), Settlements()

    def build_hooks(self) -> tuple[Hook, ...]:
        signed = Signed(
            self.settings["hook_secret"],
            signature="Ebpay-Signature",
            covers=("Ebpay-Delivery", "Ebpay-Time"),
            time="Ebpay-Time",
        )
        return (Hook("payment-notice", signed, delivery="Ebpay-Delivery"),)

    def build_submissions(self) -> tuple[Submission, ...]:
        return SettlementApplication(), CertificateRequest()

    def sign_in(self) -> Credentials:
        return HeaderCredential("Ebpay-Key", self.settings["key"])
