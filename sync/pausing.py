"""When a stream pauses by itself: going on would only set one page after the other aside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from connectors.sdk.errors import ConnectorError
from hub.model import SyncJob

MOST_IN_A_ROW = 10


class Paused(ConnectorError):
    """The stream was paused in the middle of its run; the pages behind are not asked for."""

    code = "PAUSED"


def pause_over(connection: Connection, job: str, what: str, endless: bool, now: datetime) -> Paused | None:
    """Counts a page that was set aside whole (`what` and why); how the run ends over it, None where it goes on.

    The job is paused from `MOST_IN_A_ROW` such pages in a row on, and at once where reading one does not end.
    """
    in_a_row = connection.scalar(
        update(SyncJob)
        .where(SyncJob.name == job)
        .values(pages_aside=SyncJob.pages_aside + 1)
        .returning(SyncJob.pages_aside)
    )
    if not endless and (in_a_row or 0) < MOST_IN_A_ROW:
        return None
    zh = "有一页读取不止" if endless else f"连续 {in_a_row} 页整页读不懂"
    en = "reading a page does not end" if endless else f"{in_a_row} pages in a row could not be read"
    why = (
        f"{zh}，已自动暂停；修好连接器后 yuhub sync resume {job}，再 yuhub sync replay {job}。"
        f" / {en}, so the hub paused it; mend the connector, then resume and replay {job}. {what}"
    )
    connection.execute(update(SyncJob).where(SyncJob.name == job).values(paused_at=now, paused_reason=why))
    return Paused(why)
