"""The contract of connectors, every rule of it, against the stand-in."""

from __future__ import annotations

from connector_ebpay.connector import Ebpay
from twin import TWIN

from connectors.sdk.testing import conformance

test_ebpay = conformance(Ebpay, TWIN)
