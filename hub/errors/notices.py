"""Errors of telling an enterprise's programs: where notices go, and of what."""

from __future__ import annotations

from hub.errors.kinds import HubError


class WebhookUrl(HubError):
    code = "WEBHOOK_URL"


class WebhookPlain(HubError):
    code = "WEBHOOK_PLAIN"


class WebhookPort(HubError):
    code = "WEBHOOK_PORT"


class WebhookHost(HubError):
    code = "WEBHOOK_HOST"


class WebhookEvents(HubError):
    code = "WEBHOOK_EVENTS"


class WebhookEventsMissing(HubError):
    code = "WEBHOOK_EVENTS_MISSING"


class WebhookLimit(HubError):
    code = "WEBHOOK_LIMIT"


class NoticeWaiting(HubError):
    code = "NOTICE_WAITING"
