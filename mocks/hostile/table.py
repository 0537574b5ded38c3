"""The faults that a stand-in can be told to have: what each is called, what it does, and what may be said about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mocks.hostile import answers, lines, pages
from mocks.hostile.call import Answer, Call, Parameters

GIBIBYTE = 1024  # MiB
KINDS = {float: "a number", int: "a whole number", str: "a text"}


class Refused(ValueError):
    """What was asked for cannot be switched on. The text names the field, then a colon, then why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`parameters` are those it takes, with what holds where nothing is said; `listings` are the paths it needs."""

    name: str
    zh: str
    en: str
    act: Callable[[Call, Parameters], Answer]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    listings: bool = False

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters, each of the type of its default. Refused names one that is unknown or unfit."""
        read = dict(self.parameters)
        for name, value in given.items():
            if name not in self.parameters:
                takes = ", ".join(self.parameters) or "none"
                raise Refused(f"{name}: {self.name} takes no such parameter; it takes {takes}")
            kind = type(self.parameters[name])
            try:
                read[name] = kind(value)
            except (TypeError, ValueError, OverflowError):
                raise Refused(f"{name}: {KINDS[kind]} wanted, not {value!r}") from None
        return read


FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        # pages
        Fault("edited", "翻页时记录被修改", "A record that was read is edited while the caller pages, and moves",
              pages.edited, listings=True),
        Fault("field_added", "记录多出一个字段", "Each record has a field that nobody agreed on",
              pages.field_added, listings=True),
        Fault("field_removed", "记录缺少一个字段", "Each record lacks a field that readers need",
              pages.field_removed, {"field": ""}, listings=True),
        Fault("field_retyped", "字段类型改变", "A field holds an object where there was a text or a number",
              pages.field_retyped, {"field": ""}, listings=True),
        Fault("clock_skew", "时钟偏差", "Every time that is told is off by some minutes; less than 0 is slow",
              pages.clock_skew, {"minutes": 10.0}, listings=True),
        Fault("equal_times", "跨页时间相同", "All records bear the same time, across page boundaries too",
              pages.equal_times, listings=True),
        Fault("duplicates", "页内记录重复", "Every record stands on its page twice",
              pages.duplicates, listings=True),
        Fault("out_of_order", "页内顺序颠倒", "The records of a page come last first",
              pages.out_of_order, listings=True),
        Fault("repeating", "同一页无限重复", "The same page comes for ever, whatever is asked",
              pages.repeating, listings=True),
        Fault("short_pages", "每页记录更少", "Pages hold fewer records than were asked for",
              pages.short_pages, {"rows": 1}, listings=True),
        # bodies and statuses
        Fault("gbk", "GBK 编码却标为 UTF-8", "The body is GBK and says that it is UTF-8", answers.gbk),
        Fault("halved", "正文只有一半，长度却相符", "Half of the body, with a length to match", answers.halved),
        Fault("error_in_success", "HTTP 200 内含错误", "HTTP 200 with an error inside; nothing is taken in",
              answers.error_in_success),
        Fault("bomb", "XML 或 JSON 炸弹", "An XML entity bomb, or JSON nested 200,000 deep", answers.bomb),
        Fault("redirect", "重定向到别的主机", "A redirect to another host",
              answers.redirect, {"to": "http://198.51.100.7/"}),
        Fault("expired", "凭证过期", "The credentials have expired: HTTP 401", answers.expired),
        Fault("too_many", "请求过多（429，带 Retry-After）", "HTTP 429 with Retry-After, in seconds",
              answers.too_many, {"after": 30}),
        Fault("unavailable", "暂停服务（503）", "HTTP 503; with Retry-After where it is over 0",
              answers.unavailable, {"after": 0}),
        Fault("server_error", "服务器错误（5xx）", "An HTTP status of 5xx; nothing is taken in",
              answers.server_error, {"status": 500}),
        Fault("saved_then_error", "已保存却返回 5xx", "Takes the message in, then answers with HTTP 5xx",
              answers.saved_then_error, {"status": 502}),
        # the line
        Fault("oversized", "正文过大（1 GB）", "A body that goes on, 1 GiB where nothing else is said",
              lines.oversized, {"mebibytes": GIBIBYTE}),
        Fault("zipped", "压缩炸弹", "1 GiB that is small on the wire: gzip", lines.zipped, {"mebibytes": GIBIBYTE}),
        Fault("trickle", "正文逐字节发送", "The body comes a byte at a time", lines.trickle, {"seconds": 1.0}),
        Fault("truncated", "正文传到一半断线", "The connection ends in the middle of the body", lines.truncated),
        Fault("slow", "响应缓慢", "The answer comes some seconds late", lines.slow, {"seconds": 5.0}),
        Fault("silent", "不作响应", "Nothing is taken in and nothing answered, until the line is cut",
              lines.silent, {"seconds": 90.0}),
        Fault("saved_then_silent", "已保存却超时", "Takes the message in, then says nothing",
              lines.saved_then_silent, {"seconds": 90.0}),
        Fault("cut", "连接中断", "The line is cut before anything is taken in", lines.cut),
        Fault("saved_then_cut", "已保存后连接中断", "Takes the message in, then cuts the line", lines.saved_then_cut),
    )
}  # fmt: skip
"""In the order from the stand-in outwards: what strikes several at once strikes in this order."""
