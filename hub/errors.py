"""Every error of the hub: a stable code, an HTTP status, what happened and what to do, in Chinese and in English.

What is stored or logged is the code with its parameters; the words stand here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Wording:
    """What an error says. `{names}` in the texts are its parameters."""

    status: int
    zh: str
    en: str
    way_zh: str
    way_en: str


WORDS: Mapping[str, Wording] = {
    # the program and its surroundings
    "SETTINGS_WRONG": Wording(
        500, "配置有误：{problems}", "The settings are wrong: {problems}",
        "运行 yuhub settings 查看每一项的取值与来源", "Run `yuhub settings` to see each value and where it comes from",
    ),
    "DATABASE_UNAVAILABLE": Wording(
        503, "无法打开数据库 {database}：{cause}", "The database {database} cannot be opened: {cause}",
        "检查路径、权限与 YUHUB_DATABASE_URL", "Check the path, its permissions and YUHUB_DATABASE_URL",
    ),
    "DATABASE_BUSY": Wording(
        503, "数据库被其他程序占用", "Another program holds the database locked",
        "关闭占用该文件的程序后重试", "Close the program that holds the file and try again",
    ),
    "SCHEMA_OLD": Wording(
        503, "数据库结构为版本 {found}，程序需要 {wanted}", "The database is at revision {found}, the program needs {wanted}",
        "运行 yuhub migrate", "Run `yuhub migrate`",
    ),
    "PORT_TAKEN": Wording(
        500, "{host}:{port} 已被占用", "{host}:{port} is taken",
        "用 --port 指定其他端口，或停止占用它的程序", "Choose another with --port, or stop the program that has it",
    ),
    "FOLDER_NOT_WRITABLE": Wording(
        500, "没有写入 {folder} 的权限", "There is no permission to write to {folder}",
        "更改目录权限，或用 YUHUB_DATA_DIR 指定其他目录", "Change its permissions, or name another with YUHUB_DATA_DIR",
    ),
    "FILE_UNREADABLE": Wording(
        400, "无法读取 {file}：{cause}", "{file} cannot be read: {cause}",
        "检查路径与内容；交易文件为 UTF-8 编码的 JSON", "Check the path and the content; a trade file is JSON in UTF-8",
    ),
    "HUB_UNREACHABLE": Wording(
        503, "无法连接枢纽 {address}：{cause}", "The hub at {address} does not answer: {cause}",
        "先用 yuhub up 启动，或用 --hub 指定地址", "Start it with `yuhub up`, or name its address with --hub",
    ),
    "CONNECTOR_WRONG": Wording(
        500, "连接器未加载：{problems}", "Connectors were left out: {problems}",
        "修正其 manifest.toml；其他连接器不受影响", "Mend its manifest.toml; the other connectors run on",
    ),
    "PLAN_WRONG": Wording(
        500, "单证计划有误：{problems}", "The plan of papers is wrong: {problems}",
        "修正 hub/share/plan.py 或连接器 manifest 的 [[plan]]", "Mend hub/share/plan.py or [[plan]] in the manifest",
    ),
    # who is asking
    "UNAUTHENTICATED": Wording(
        401, "缺少有效的 API 密钥", "A valid API key is missing",
        "在请求头加入 Authorization: Bearer <密钥>", "Send the header Authorization: Bearer <key>",
    ),
    "FORBIDDEN": Wording(
        403, "角色 {role} 无权执行此操作", "The role {role} may not do this",
        "请联系管理员", "Ask an administrator",
    ),
    "NOT_FOUND": Wording(
        404, "未找到 {what}", "{what} was not found",
        "核对编号；只能看到本企业的数据", "Check the number; you see your own enterprises only",
    ),
    "REASON_MISSING": Wording(
        400, "缺少理由", "A reason is missing",
        "写明为什么要这样做，它会记入审计", "Say why; it goes to the audit log",
    ),
    "REPLAY_NOTHING": Wording(
        404, "没有可重放的内容：{what}", "There is nothing to replay: {what}",
        "查看 yuhub sync status 与隔离区", "See `yuhub sync status` and the quarantine",
    ),
    "BODY_UNREADABLE": Wording(
        400, "请求体无法解析：{cause}", "The body of the request cannot be read: {cause}",
        "发送 JSON：{{\"query\": …, \"variables\": …}}", 'Send JSON: {{"query": …, "variables": …}}',
    ),
    "BODY_TOO_LARGE": Wording(
        413, "请求体超过 {limit} 字节", "The body of the request is larger than {limit} bytes",
        "拆分后重试", "Split it and try again",
    ),
    "QUERY_TOO_LARGE": Wording(
        400, "查询过大：{measure} 为 {value}，上限 {limit}", "The query is too large: {measure} is {value}, the limit is {limit}",
        "拆成几个查询", "Split it into several queries",
    ),
    "BUG": Wording(
        500, "程序内部错误，已记录为 {trace}", "Something broke inside; it is recorded as {trace}",
        "请把该编号告知运维", "Tell the operators this number",
    ),
    # entering
    "REQUIRED": Wording(422, "必填", "is required", "请填写", "Fill it in"),
    "UNKNOWN_FIELD": Wording(
        422, "没有这个字段", "is no field of a trade",
        "删除它，或核对拼写：{known}", "Remove it or check the spelling: {known}",
    ),
    "BAD_VALUE": Wording(422, "取值不合要求：{cause}", "does not fit: {cause}", "按要求修改", "Change it as the rule says"),
    "UNKNOWN_CODE": Wording(
        422, "{value} 不是有效的{what}", "{value} is no known {what}",
        "使用 {standard} 代码", "Use a code of {standard}",
    ),
    "CHECK_DIGIT": Wording(
        422, "{value} 的校验位不正确", "the check digit of {value} is wrong",
        "核对是否抄错一位", "Look for a mistyped digit",
    ),
    "TOO_PRECISE": Wording(
        422, "{currency} 金额最多 {places} 位小数", "an amount in {currency} has at most {places} decimals",
        "四舍五入后重填", "Round it",
    ),
    "NET_OVER_GROSS": Wording(
        422, "净重 {net} 大于毛重 {gross}", "the net weight {net} is more than the gross weight {gross}",
        "核对两个重量", "Check both weights",
    ),
    "LINE_MISSING": Wording(
        422, "没有第 {line} 行商品", "there is no goods line {line}",
        "行号从 1 到 {last}", "Lines count from 1 to {last}",
    ),
    "TOTAL_NEGATIVE": Wording(
        422, "折扣超过货值与运保费之和", "the discount is more than goods, freight and insurance together",
        "核对折扣", "Check the discount",
    ),
    "IN_THE_FUTURE": Wording(422, "{value} 晚于现在", "{value} has not come yet", "核对日期", "Check the date"),
    "QUANTITY_EXCEEDED": Wording(
        422, "进货数量合计 {bought} 超过出口数量 {sold}", "{bought} bought is more than {sold} sold",
        "核对发票行", "Check the invoice rows",
    ),
    "DUPLICATE": Wording(422, "{value} 重复", "{value} stands there twice", "删除其中之一", "Remove one of them"),
    "NOT_SERVED": Wording(
        422, "监管方式 {mode} 所需的单证 {kinds} 暂无对接", "mode {mode} needs {kinds}, which no connector serves now",
        "请联系运维", "Ask the operators",
    ),
    "NOT_PLANNED": Wording(
        422, "监管方式 {mode} 暂不支持{wish}运输", "supervision mode {mode} cannot go by {wish} yet",
        "支持：{known}", "Known are: {known}",
    ),
    "HS_UNKNOWN": Wording(
        422, "海关税则中没有 {value}", "{value} is not in the customs tariff",
        "在税则中查找 10 位编码", "Look up the 10 digits in the tariff",
    ),
    "AUTHORITY_RULE": Wording(
        422, "{authority}不接受：{rule}（单证 {kind} 的 {field}）", "{authority} would refuse it: {rule} ({field} of {kind})",
        "按该规则修改此处", "Change it here as the rule says",
    ),
    "NOT_DERIVABLE": Wording(
        422, "无法生成单证 {kind} 的 {field}：{cause}", "{field} of {kind} cannot be derived: {cause}",
        "补充所缺内容", "Add what is missing",
    ),
    "ORDER_TAKEN": Wording(
        409, "订单号 {order} 已录入（{number}），内容不同", "Order {order} was entered as {number} with other content",
        "换用新的订单号，或更正后重新提交相同内容", "Use a new order number, or send the same content again",
    ),
    "VERSION_STALE": Wording(
        409, "交易已是第 {current} 版，不是第 {given} 版", "The trade is at version {current}, not {given}",
        "重新查询后再修改", "Ask for it again and amend what you then see",
    ),
    "NOTHING_CHANGED": Wording(
        422, "内容没有变化", "Nothing is different", "写明要改的字段与新值", "Name the field and its new value",
    ),
    "PAST_RECALL": Wording(
        409, "{papers} 已无法更改", "{papers} can no longer be changed",
        "可先取消本票（放行前），再以新订单号重新录入；已离境的办理退运", "Cancel the trade before it departs and enter it anew; after departure have the goods sent back",
    ),
    "IN_FLIGHT": Wording(
        409, "{papers} 正在发送或等待回执", "{papers} is on its way; the answer is awaited",
        "稍候片刻再试", "Try again in a moment",
    ),
    "DEPARTED": Wording(
        409, "货物已离境，无法取消", "The goods have left; the trade can no longer be cancelled",
        "办理退运（退货申请单 213）", "Have the goods sent back (return application 213)",
    ),
    "TRADE_OVER": Wording(
        409, "交易已结束（{state}）", "The trade is over ({state})", "以新订单号重新录入", "Enter a new one under a new order number",
    ),
    "NO_SUCH_PLACE": Wording(
        422, "没有这个位置", "there is no such place in the entry", "路径如 goods[1].hsCode", "A path looks like goods[1].hsCode",
    ),
    "REGISTERED_ALREADY": Wording(
        409, "企业 {value} 已登记", "Enterprise {value} is registered already",
        "用该企业自己的密钥更新登记；密钥遗失请联系管理员",
        "Renew the registration with the enterprise's own key; ask an administrator where it is lost",
    ),
    "ENTERPRISE_NOT_APPROVED": Wording(
        403, "企业 {uscc} 尚未获批（{state}）", "Enterprise {uscc} is not approved ({state})",
        "等待审批或联系管理员", "Wait for the approval, or ask an administrator",
    ),
    "ENTRY_REFUSED": Wording(
        422, "录入有 {count} 处错误，未保存任何内容", "The entry has {count} errors; nothing was stored",
        "逐项修改后重新提交", "Mend each and send it again",
    ),
    # what a paper waits for a person with
    "FIELDS_MISSING": Wording(
        422, "单证缺少：{fields}", "The paper lacks: {fields}",
        "补充后自动继续", "Once it is added the paper goes on by itself",
    ),
    "AUTHORITY_REJECTED": Wording(
        422, "被退回：{words}", "Returned: {words}",
        "修改所指字段后重新申报", "Mend the field it names and declare again",
    ),
    "AUTHORITY_UNCLEAR": Wording(
        422, "对方返回了不认识的代码 {authorityCode}：{words}", "The authority answered with the unknown code {authorityCode}: {words}",
        "查看原文并致电对方", "Read the original and call the authority",
    ),
    "DELIVERY_GIVEN_UP": Wording(
        503, "{attempts} 次发送未成功：{error}", "{attempts} attempts to send failed: {error}",
        "待对方恢复后由运维执行重放", "When the other side is back, staff replay it",
    ),
    "RECEIPT_UNCLEAR": Wording(
        422, "收汇 {reference} 无法自动匹配", "Receipt {reference} could not be matched",
        "由人工指定对应交易", "A person names the trade",
    ),
    # telling and handing out
    "WEBHOOK_URL": Wording(
        422, "这不是可用的 webhook 地址", "This is no address for a webhook",
        "写成 https://主机[:端口]/路径：纯 ASCII，不含用户名、密码和空格", "Write https://host[:port]/path in ASCII, with no user name, password or space",
    ),
    "WEBHOOK_HOST": Wording(
        422, "{host} 不是公网主机", "{host} is no host on the public internet",
        "使用能解析到公网 IP 的域名；内网部署可设置 webhook_private_addresses", "Use a name that leads to public IP addresses; in a network of your own set webhook_private_addresses",
    ),
    "WEBHOOK_EVENTS": Wording(
        422, "没有这样的事件：{value}", "There is no such event: {value}",
        "从这些中选至少一个：{known}", "Choose at least one of: {known}",
    ),
    "WEBHOOK_LIMIT": Wording(
        409, "企业已有 {limit} 个 webhook", "The enterprise has {limit} webhooks already",
        "先删除不用的", "Remove one that is not needed",
    ),
    "NOTICE_WAITING": Wording(
        409, "通知 {id} 仍在自动重试", "Notice {id} is still being tried by itself",
        "等它送达或被放弃后再重发", "Replay it once it is delivered or given up",
    ),
    "ENTERPRISE_UNNAMED": Wording(
        422, "未指明企业", "The enterprise is not named",
        "用 enterprise 参数写明统一社会信用代码", "Name it by its USCC in the argument enterprise",
    ),
    "PAPER_UNWRITABLE": Wording(
        409, "单证 {number} 第 {version} 版无法写成报文：{cause}", "Version {version} of paper {number} cannot be written: {cause}",
        "修改所指字段后会有新的一版", "Mend the field it names; a new version follows",
    ),
}  # fmt: skip


CAUSES: Mapping[str, tuple[str, str]] = {
    "number": ("应为十进制数，如 64.50", "a decimal number such as 64.50"),
    "whole number": ("应为整数", "a whole number"),
    "too large": ("应小于 {most}", "it must be below {most}"),
    "too small": ("至少为 {least}", "at least {least}"),
    "not above": ("应大于 {least}", "more than {least}"),
    "decimals": ("最多 {most} 位小数", "at most {most} decimals"),
    "too long": ("{length} 个字符，最多 {most} 个", "{length} characters, at most {most}"),
    "control characters": ("不得含控制字符", "control characters are not allowed"),
    "time": ("应为带时区的时间，如 2026-01-09T08:00:00+08:00", "a time with its zone, such as 2026-01-09T08:00:00+08:00"),
    "day": ("应为日期，如 2026-01-09", "a day such as 2026-01-09"),
    "text": ("应为文字", "text"),
    "object": ("应为对象", "an object"),
    "list": ("应为列表", "a list"),
    "one of": ("应为以下之一：{choices}", "one of: {choices}"),
    "count": ("应有 {least} 至 {most} 项，现为 {count} 项", "{least} to {most} of them, not {count}"),
    "hs code": ("HS 编码应为 10 位数字", "an HS code has 10 digits here"),
    "locode": ("UN/LOCODE 应为 5 个字符，如 CNCGO", "an UN/LOCODE has 5 characters, such as CNCGO"),
    "customs code": ("海关注册编码应为 10 位，如 411096500K", "a customs registration code has 10 characters, such as 411096500K"),
    "customs office": ("关区代码应为 4 位数字，如 4604", "a customs office has 4 digits, such as 4604"),
    "bank code": ("银行代码应为 4 位数字", "a bank code has 4 digits"),
}  # fmt: skip
"""What a value should have been: Chinese, English."""

TERMS: Mapping[str, tuple[str, str]] = {
    "country": ("国家（地区）代码", "country"),
    "currency": ("币制代码", "currency"),
    "unit": ("计量单位", "unit"),
    "air place": ("航空港", "place for air transport"),
    "rail place": ("铁路站点", "place for rail transport"),
    "belt": ("产业带", "industry belt"),
}
"""What a code list is of: Chinese, English."""


def words(code: str, language: str, parameters: Mapping[str, Any]) -> str:
    wording = WORDS[code]
    return (wording.zh if language == "zh" else wording.en).format(**_spoken(parameters, language))


def way_out(code: str, language: str, parameters: Mapping[str, Any]) -> str:
    wording = WORDS[code]
    return (wording.way_zh if language == "zh" else wording.way_en).format(**_spoken(parameters, language))


def _spoken(parameters: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Parameters that are themselves words of ours, in the language; `…_en` stands in for a text that has two."""
    said, place = dict(parameters), 0 if language == "zh" else 1
    if parameters.get("cause") in CAUSES:
        said["cause"] = CAUSES[parameters["cause"]][place].format(**parameters)
    if parameters.get("what") in TERMS:
        said["what"] = TERMS[parameters["what"]][place]
    if language != "zh":
        said |= {name.removesuffix("_en"): value for name, value in parameters.items() if name.endswith("_en")}
    return said


class HubError(Exception):
    """Base of the hub's errors. Parameters fill the words of its code."""

    code = "BUG"

    def __init__(self, **parameters: Any) -> None:
        self.parameters = parameters
        super().__init__(f"{self.code} {parameters}")

    @property
    def status(self) -> int:
        return WORDS[self.code].status

    def words(self, language: str = "en") -> str:
        return words(self.code, language, self.parameters)

    def way_out(self, language: str = "en") -> str:
        return way_out(self.code, language, self.parameters)


def describe(error: HubError, language: str) -> dict[str, Any]:
    """An error as it leaves: message, stable code, way out. One shape at every door."""
    return {
        "message": error.words(language),
        "extensions": {"code": error.code, "wayOut": error.way_out(language)},
    }


class SettingsWrong(HubError):
    """All wrong settings at once, as (name, what is wrong with it)."""

    code = "SETTINGS_WRONG"

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = list(problems)
        super().__init__(problems="; ".join(f"{name}: {what}" for name, what in self.problems))


class DatabaseUnavailable(HubError):
    code = "DATABASE_UNAVAILABLE"


class DatabaseBusy(HubError):
    code = "DATABASE_BUSY"


class SchemaOld(HubError):
    code = "SCHEMA_OLD"


class PortTaken(HubError):
    code = "PORT_TAKEN"


class FolderNotWritable(HubError):
    code = "FOLDER_NOT_WRITABLE"


class FileUnreadable(HubError):
    code = "FILE_UNREADABLE"


class HubUnreachable(HubError):
    code = "HUB_UNREACHABLE"


class ConnectorWrong(HubError):
    code = "CONNECTOR_WRONG"


class PlanWrong(HubError):
    code = "PLAN_WRONG"


class Unauthenticated(HubError):
    code = "UNAUTHENTICATED"


class Forbidden(HubError):
    code = "FORBIDDEN"


class NotFound(HubError):
    code = "NOT_FOUND"


class ReasonMissing(HubError):
    code = "REASON_MISSING"


class ReplayNothing(HubError):
    code = "REPLAY_NOTHING"


class BodyUnreadable(HubError):
    code = "BODY_UNREADABLE"


class BodyTooLarge(HubError):
    code = "BODY_TOO_LARGE"


class QueryTooLarge(HubError):
    code = "QUERY_TOO_LARGE"


class VersionStale(HubError):
    code = "VERSION_STALE"


class NothingChanged(HubError):
    code = "NOTHING_CHANGED"


class PastRecall(HubError):
    code = "PAST_RECALL"


class InFlight(HubError):
    code = "IN_FLIGHT"


class Departed(HubError):
    code = "DEPARTED"


class TradeOver(HubError):
    code = "TRADE_OVER"


class EnterpriseNotApproved(HubError):
    code = "ENTERPRISE_NOT_APPROVED"


class OrderTaken(HubError):
    code = "ORDER_TAKEN"


class WebhookUrl(HubError):
    code = "WEBHOOK_URL"


class WebhookHost(HubError):
    code = "WEBHOOK_HOST"


class WebhookEvents(HubError):
    code = "WEBHOOK_EVENTS"


class WebhookLimit(HubError):
    code = "WEBHOOK_LIMIT"


class NoticeWaiting(HubError):
    code = "NOTICE_WAITING"


class EnterpriseUnnamed(HubError):
    code = "ENTERPRISE_UNNAMED"


class PaperUnwritable(HubError):
    code = "PAPER_UNWRITABLE"


@dataclass(frozen=True, slots=True)
class EntryProblem:
    """One thing that is wrong with an entry: where it was typed, the rule, and what fills the rule's words."""

    path: str
    code: str
    parameters: Mapping[str, Any]

    def words(self, language: str) -> str:
        return words(self.code, language, self.parameters)

    def way_out(self, language: str) -> str:
        return way_out(self.code, language, self.parameters)


class EntryRefused(HubError):
    """All problems of an entry at once. Nothing was stored."""

    code = "ENTRY_REFUSED"

    def __init__(self, problems: Iterable[EntryProblem]) -> None:
        self.problems = list(problems)
        super().__init__(count=len(self.problems))
