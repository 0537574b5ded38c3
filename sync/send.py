"""One run of a sender: claim → encode and keep → talk → record, batch after batch, kind after kind."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from itertools import chain
from threading import Event

from sqlalchemy.exc import SQLAlchemyError

from connectors.sdk.connector import Connector
from connectors.sdk.errors import BadData, Bug, ConnectorError, LeftAlone, OutcomeUnknown, Retriable
from connectors.sdk.http import Http, Page
from connectors.sdk.members import reason_of
from connectors.sdk.papers import Action
from connectors.sdk.submission import Message, Submission
from hub.errors import HubError
from hub.model import Reference
from hub.model.document import MESSAGE_REFERENCE
from hub.model.row_states import DeliveryOutcome
from hub.model.upsert import insert_new
from hub.progress import outbox
from hub.progress.outbox import Claim
from sync import raw
from sync.lease import JobLease, hold
from sync.merge import MergeCounts, merge
from sync.page_reading import Reader, Reading
from sync.pausing import pause_over
from sync.quarantine import set_aside, whole_page
from sync.run_ledger import count
from sync.services import Services
from sync.timed import TooSlow, in_time, until


class Send:
    """A run of one connector's sender under a lease."""

    def __init__(self, services: Services, connector: Connector, lease: JobLease) -> None:
        self.services = services
        self.connector = connector
        self.lease = lease
        self.chain = raw.chain_name(connector.code, "sent")
        self.answers = raw.chain_name(connector.code, "answers")
        self.reader = Reader(connector.code, connector.codes)
        self.bugs: list[Bug] = []

    def run(self) -> None:
        """Sends everything that is ready now. A failure of the line ends the run; the rest waits untouched.

        A paper that cannot be written fails alone: the others of its message go out, and it is said in the end.
        """
        submissions = self.connector.submissions
        with self.services.database.read() as connection:
            ready = outbox.kinds_ready(connection, self.connector.code, submissions, self.services.now())
        with closing(self.services.open(self.connector)) as http:
            for kind in (kind for kind in submissions if kind in ready):
                submission = submissions[kind]
                while claims := self._claim(kind, submission):
                    self._hand_all_over(http, submission, _groups(submission, claims))
        if self.bugs:
            raise self.bugs[0]

    def _claim(self, kind: str, submission: Submission) -> list[Claim]:
        with self.services.database.write() as connection:
            hold(connection, self.lease, self.services.now(), self.services.lease)
            return outbox.claim(
                connection,
                self.services.desk,
                self.connector.code,
                kind,
                submission.batch,
                self.lease.run_id,
                self.services.lease,
                self.services.delivery_attempts,
            )

    def _hand_all_over(self, http: Http, submission: Submission, groups: Sequence[Sequence[Claim]]) -> None:
        """One message after the other; those behind one that fails have not been tried."""
        for place, together in enumerate(groups, start=1):
            try:
                self._hand_over(http, submission, together)
            except BaseException:
                with self.services.database.write() as connection:
                    outbox.release(connection, chain.from_iterable(groups[place:]))
                raise

    def _hand_over(self, http: Http, submission: Submission, claims: Sequence[Claim]) -> None:
        papers = [one.paper for one in claims]
        try:
            message = submission.encode(papers)
        except Bug as error:
            self._set_apart(http, submission, claims, error)
            return
        except ConnectorError as error:  # nothing can be signed just now
            self._record_failure(claims, error)
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it stumbles over is in one of these papers
            self._set_apart(http, submission, claims, Bug(reason_of(error)))
            return
        try:
            answer = submission.find(http, papers[0]) if submission.says_back and claims[0].may_have_arrived else None
            if answer is None:
                self._keep_sent(claims, message)
                answer = submission.send(http, message, papers)
        except ConnectorError as error:
            self._record_failure(claims, error)
            raise
        except (HubError, SQLAlchemyError):
            raise
        except BaseException as error:  # whatever ends it, the papers may have left
            self._record_failure(claims, OutcomeUnknown(reason_of(error)))
            raise
        self._record(submission, claims, answer)

    def _keep_sent(self, claims: Sequence[Claim], message: Message) -> None:
        """The message is kept before it leaves, with the reference by which an answer to the whole of it finds us."""
        page = Page(message.body, message.content_type, "", 0, self.services.now(), part=message.message_id)
        with self.services.database.write() as connection:
            raw_id = raw.keep(connection, self.chain, page, self.lease.run_id, self.services.now())
            raw.mark_read(connection, raw_id, self.services.now())
            outbox.put_in_message(connection, claims, message.message_id, raw_id)
            if message.message_id:
                rows = [
                    {
                        "source": self.connector.code,
                        "kind": MESSAGE_REFERENCE,
                        "value": message.message_id,
                        "document_id": one.document_id,
                        "subject_id": one.subject_id,
                        "trade_id": one.trade_id,
                    }
                    for one in claims
                ]
                connection.execute(insert_new(connection, Reference), rows)

    def _record(self, submission: Submission, claims: Sequence[Claim], answer: Page) -> None:
        now = self.services.now()
        with self.services.database.write() as connection:
            hold(connection, self.lease, now, self.services.lease)
            raw_id = raw.keep(connection, self.answers, answer, self.lease.run_id, now)
        papers = [one.paper for one in claims]

        def read(late: Event) -> Reading:
            return self.reader.read(until(late, submission.read(answer, papers)), raw_id, now)

        try:
            reading = in_time(self.services, self.answers, raw_id, read)
        except BadData as error:
            unknown = OutcomeUnknown(f"the answer says nothing about the paper: {error.text}")
            self._record_failure(claims, unknown)
            self._set_answer_aside(raw_id, answer, error)
            raise unknown from None
        with self.services.database.write() as connection:
            hold(connection, self.lease, now, self.services.lease)
            counts = merge(connection, self.connector.code, reading.rows)
            set_aside(connection, self.connector.code, "answers", raw_id, reading.aside, now)
            raw.mark_read(connection, raw_id, now)
            outbox.delivered(connection, claims, now, raw_id)
            counts += MergeCounts(received=len(reading.aside), quarantined=len(reading.aside))
            count(connection, self.lease.run_id, counts, raw_id=raw_id, pages=1, sent=len(claims))

    def _set_answer_aside(self, raw_id: str, answer: Page, error: BadData) -> None:
        """An answer that cannot be read waits in quarantine; one whose reading does not end stops the sender."""
        reason, endless = self.connector.mask(error.text), isinstance(error, TooSlow)
        with self.services.database.write() as connection:
            now = self.services.now()
            aside = whole_page(answer, error.field, reason, "")
            set_aside(connection, self.connector.code, "answers", raw_id, [aside], now)
            raw.mark_read(connection, raw_id, now)
            aside_whole = MergeCounts(received=1, quarantined=1)
            count(connection, self.lease.run_id, aside_whole, raw_id=raw_id, pages=1)
            what = f"raw message {raw_id}: {reason}"
            paused = pause_over(connection, self.lease.job, what, endless, now) if endless else None
        if paused:
            raise paused

    def _set_apart(self, http: Http, submission: Submission, claims: Sequence[Claim], error: Bug) -> None:
        """Papers that cannot be written together are written one by one; the one to blame waits for a person."""
        if len(claims) > 1:
            for one in claims:
                self._hand_over(http, submission, [one])
            return
        self.bugs.append(error)
        self._record_failure(claims, error)

    def _record_failure(self, claims: Sequence[Claim], error: ConnectorError) -> None:
        if isinstance(error, LeftAlone):
            with self.services.database.write() as connection:
                outbox.release(connection, claims)
            return
        outcome = DeliveryOutcome.UNKNOWN if isinstance(error, OutcomeUnknown) else DeliveryOutcome.FAILED
        after = error.after if isinstance(error, Retriable) else None
        words = self.connector.mask(error.text)
        with self.services.database.write() as connection:
            outbox.not_delivered(connection, claims, self.services.now(), outcome, error.code, words, after)


def _groups(submission: Submission, claims: Sequence[Claim]) -> list[list[Claim]]:
    """What goes out in one message.

    A paper that can be asked about is asked about alone, one whose message was refused goes alone, and what is taken
    back never travels with what is handed in: these may be messages of two kinds.
    """
    single: list[list[Claim]] = []
    handed_in: list[Claim] = []
    taken_back: list[Claim] = []
    for one in claims:
        if one.alone or (one.may_have_arrived and submission.says_back):
            single.append([one])
        else:
            (taken_back if one.paper.action is Action.WITHDRAW else handed_in).append(one)
    return [*single, *(together for together in (handed_in, taken_back) if together)]
