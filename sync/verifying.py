"""Is everything true? Three parts: what was kept, what was counted, and what authorities have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from hub.model import Database
from sync.chains import chains, walk_chain
from sync.equation import verify_counters
from sync.ledgers import verify_ledgers
from sync.services import Services
from sync.verify_results import PartFound, VerifyPart, keep_found

OWN_PARTS = (VerifyPart.CHAINS, VerifyPart.COUNTERS)
"""What can be verified without asking anybody."""


def verify(
    services: Services, parts: Collection[VerifyPart] = tuple(VerifyPart), since: datetime | None = None
) -> Iterator[PartFound]:
    """Verifies one part after the other; what each found is kept for the console."""
    ways: Mapping[VerifyPart, Callable[[], PartFound]] = {
        VerifyPart.CHAINS: lambda: verify_chains(services.database),
        VerifyPart.COUNTERS: lambda: verify_counters(services.database),
        VerifyPart.LEDGERS: lambda: verify_ledgers(services, since),
    }
    for part in VerifyPart:
        if part in parts:
            found = ways[part]()
            with services.database.write() as connection:
                keep_found(connection, found, services.now())
            yield found


def verify_chains(database: Database) -> PartFound:
    """Counts are rows of chain."""
    found = PartFound(VerifyPart.CHAINS)
    for chain in chains(database):
        walk = walk_chain(database, chain)
        found.counts.append({"chain": chain, "messages": walk.messages, "broken": walk.broken})
        for link in walk.links:
            found.tell("RAW_LINK_BROKEN", chain=chain, seq=link.seq, found=link.zh, found_en=link.en)
        found.fault_count += walk.broken - len(walk.links)
    return found
