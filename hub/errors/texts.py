"""What each error says: HTTP status, what happened and what to do, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """What an error says. `{names}` in the texts are its parameters."""

    status: int
    zh: str
    en: str
    way_zh: str
    way_en: str
    told: tuple[str, ...] = ()
    """Parameters that a program reads by name beside the code."""
    private: tuple[str, ...] = ()
    """Parameters that stay at the machine: callers over the network are sent to its log."""
    retry_after: int | None = None
    """Seconds after which the same may be asked again, where the error has no parameter `wait` that says so."""


MEASURED = ("measure", "measured", "limit")

WORDS: Mapping[str, Wording] = {
    # the program and its surroundings
    "SETTINGS_WRONG": Wording(
        500, "配置有误：{problems}", "The settings are wrong: {problems}",
        "改正所指各项（环境变量 YUHUB_… 或 YUHUB_SETTINGS 所指的文件）；docs/settings.md 列有每一项", "Mend each of them, in the environment (YUHUB_…) or in the file that YUHUB_SETTINGS names; docs/settings.md says what each may be",
    ),
    "DATABASE_UNAVAILABLE": Wording(
        503, "数据库 {database} 无法使用：{cause}", "The database {database} cannot be used: {cause}",
        "检查它是否在运行，以及路径、权限与 YUHUB_DATABASE_URL；恢复后枢纽自行继续", "Check that it runs, its path and permissions, and YUHUB_DATABASE_URL; once it is back the hub goes on by itself",
        private=("database", "cause"),
    ),
    "DATABASE_BUSY": Wording(
        503, "数据库在 {seconds} 秒内未能腾出：被其他程序占用，或写入过多", "The database was not free within {seconds} s: another program holds it, or too much is being done at once",
        "稍后重试；若持续如此，关闭占用它的程序", "Try again; where it stays so, close the program that holds it",
    ),
    "DATABASE_CONFLICT": Wording(
        409, "与同时进行的另一项更改冲突，本次未保存任何内容：{cause}", "Another change came between; nothing of this one was stored: {cause}",
        "原样再发一次", "Send it once more as it is",
    ),
    "DATABASE_FOREIGN": Wording(
        503, "{database} 是其他程序的数据库（{found}）", "{database} is the database of another program ({found})",
        "用 YUHUB_DATABASE_URL 指定一个空数据库或本枢纽的数据库", "Name an empty database, or the hub's own, with YUHUB_DATABASE_URL",
        private=("database", "found"),
    ),
    "DISK_FULL": Wording(
        507, "{place} 所在磁盘已满，本次未保存任何内容", "The disk of {place} is full; nothing of this was stored",
        "腾出空间后重试；枢纽会自行恢复", "Make room and try again; the hub recovers by itself",
        private=("place",),
    ),
    "NOT_PRIVATE": Wording(
        500, "{file} 可被他人读取，且无权收紧其权限", "{file} can be read by others, and is not ours to close to them",
        "将其归枢纽的用户所有（chown），或用 YUHUB_DATA_DIR 指定其他目录", "Give it to the hub's user (chown), or name another folder with YUHUB_DATA_DIR",
        private=("file",),
    ),
    "HUB_ENDING": Wording(
        503, "枢纽正在停止，不再接收新的内容", "The hub is about to end and takes nothing on",
        "一分钟后原样重发：已应答的都已入库，未应答的都没有", "Send the same again in a minute: what was answered is kept, what was not is not taken",
        retry_after=60,
    ),
    "SCHEDULER_STOPPED": Wording(
        503, "调度器未在工作：{cause}", "The scheduler does not work: {cause}",
        "查看日志后重新启动枢纽；期间收到的内容照常保存，之后继续处理", "Look into the log and start the hub again; what came meanwhile is kept and worked on then",
        retry_after=60,
    ),
    "STATEMENT_TOO_LONG": Wording(
        503, "一条数据库语句超过 {limit} 秒，已中止；所在事务未存储任何内容", "A statement of the database took longer than {limit} s and was ended; nothing of its transaction was stored",
        "稍后再试；若经常发生，检查数据库负载", "Try again later; where it happens often, see what loads the database",
    ),
    "SCHEMA_OLD": Wording(
        503, "数据库结构为版本 {found}，程序需要 {wanted}", "The database is at revision {found}, the program needs {wanted}",
        "运行 yuhub migrate", "Run `yuhub migrate`",
    ),
    "SCHEMA_NEW": Wording(
        503, "数据库结构为版本 {found}，比程序的 {wanted} 新", "The database is at revision {found}, newer than the program's {wanted}",
        "安装与数据库相同或更新的程序版本", "Install the version of the program that made it, or a newer one",
    ),
    "SECRETS_KEY_MISSING": Wording(
        500, "缺少加密密钥 {keys}，数据库中的保密内容由它加密", "The key {keys} is missing, and secrets in the database are encrypted with it",
        "放回 {file}，或把该密钥写进 YUHUB_SECRETS_KEY；确已遗失时运行 yuhub secrets rotate --without-lost，受影响的 webhook 须重新添加",
        "Put {file} back, or that key into YUHUB_SECRETS_KEY; where it is lost for good, run `yuhub secrets rotate --without-lost`, and have the webhooks that it names added anew",
        private=("file",),
    ),
    "SECRET_UNREADABLE": Wording(
        500, "{place} 的保密内容无法解密（密钥 {key}）", "The secret of {place} cannot be decrypted (key {key})",
        "放回该密钥；若内容被改动，请重新设置", "Put that key back; where the secret was changed, set it anew",
    ),
    "PORT_TAKEN": Wording(
        500, "{host}:{port} 已被占用", "{host}:{port} is taken",
        "用 --port（mocks 为 --first-port）指定其他端口，或停止占用它的程序", "Choose another with --port (of `mocks`: --first-port), or stop the program that has it",
    ),
    "FOLDER_NOT_WRITABLE": Wording(
        500, "没有写入 {folder} 的权限", "There is no permission to write to {folder}",
        "更改目录权限，或用 YUHUB_DATA_DIR 指定其他目录", "Change its permissions, or name another with YUHUB_DATA_DIR",
    ),
    "FILE_UNREADABLE": Wording(
        400, "无法读取 {file}：{cause}", "{file} cannot be read: {cause}",
        "检查路径与文件内容", "Check the path, and what the file holds",
    ),
    "FILE_KIND_WRONG": Wording(
        400, "{file} 的扩展名是 {named}，内容却是 {found}", "{file} is named {named}, but what it holds is {found}",
        "核对文件；若内容正确，改正扩展名", "Look whether it is the right file; if it is, give it the right ending",
    ),
    "FILE_TOO_LARGE": Wording(
        413, "{file}：{what}为 {value}，上限 {limit}", "{file}: {what} is {value}, the limit is {limit}",
        "另存为 CSV 或 NDJSON，长度不限", "Save it as CSV or NDJSON: these may be of any length",
    ),
    "FILE_UNWRITABLE": Wording(
        500, "无法写入 {file}：{cause}", "{file} cannot be written: {cause}",
        "更改目录权限或换一个文件名；enter 可用 --out 指定目录", "Change the permissions or choose another name; `enter` takes a folder with --out",
    ),
    "HEADER_WRONG": Wording(
        422, "{file} 的表头有误：{problems}", "The header of {file} is wrong: {problems}",
        "列名可用中文、英文或字段路径，见 demo/files", "Headers are Chinese, English or paths of an entry; see demo/files",
    ),
    "HUB_UNREACHABLE": Wording(
        503, "无法连接枢纽 {address}：{cause}", "The hub at {address} does not answer: {cause}",
        "先用 yuhub up 启动，或用 --hub 或 YUHUB_HUB 指定地址", "Start it with `yuhub up`, or name its address with --hub or YUHUB_HUB",
    ),
    "MOCK_UNREACHABLE": Wording(
        503, "{address} 没有可以控制的模拟机构：{cause}", "There is no stand-in to be told at {address}: {cause}",
        "先用 yuhub mocks 或 yuhub demo 启动，或用 --at 指定地址", "Start them with `yuhub mocks` or `yuhub demo`, or name the address with --at",
    ),
    "CONNECTOR_WRONG": Wording(
        500, "连接器未加载：{problems}", "Connectors were left out: {problems}",
        "按所指之处修正其软件包；其他连接器不受影响", "Mend its package where it says; the other connectors run on",
    ),
    "PLAN_WRONG": Wording(
        500, "单证计划有误：{problems}", "The plan of papers is wrong: {problems}",
        "修正 hub/plan 中该监管方式的文件，或连接器的 papers/、derive.py 与 manifest 的 [[plan]]", "Mend the file of the mode in hub/plan, or papers/, derive.py or [[plan]] of the connector",
    ),
    "RULES_WRONG": Wording(
        500, "规则表有误：{problems}", "The table of rules is wrong: {problems}",
        "修正 hub/rules/entry_rules.py；docs/rules.md 说明每一项", "Mend hub/rules/entry_rules.py; docs/rules.md says what each part means",
    ),
    # who is asking
    "UNAUTHENTICATED": Wording(
        401, "缺少有效的 API 密钥", "A valid API key is missing",
        "请求头为 Authorization: Bearer <密钥>，命令行为 --key 或 YUHUB_KEY；密钥由 `yuhub enterprise add` 或 `yuhub key issue` 发放",
        "Send the header Authorization: Bearer <key>, on the command line --key or YUHUB_KEY; `yuhub enterprise add` and `yuhub key issue` give one",
    ),
    "AUTHORIZATION_WRONG": Wording(
        401, "请求头 Authorization 不是 Bearer <密钥>", "The header Authorization is not Bearer <key>",
        "只发一个请求头，写成 Authorization: Bearer <密钥>；匿名请求则不要发这个头", "Send it once, as Authorization: Bearer <key>; to ask as nobody in particular leave it out",
    ),
    "TOO_MANY_REQUESTS": Wording(
        429, "请求过于频繁（{what}）：第 {measured} 次，每 {seconds} 秒至多 {limit} 次", "Too many requests ({what}): this is number {measured}, at most {limit} go within {seconds} seconds",
        "{wait} 秒后再试；大量数据用 POST /trades 或一个查询，见 docs/limits.md", "Try again after {wait} seconds; for much at once there are POST /trades and larger queries, see docs/limits.md",
        told=("limit", "measured"),
    ),
    "TOO_MANY_WRONG_KEYS": Wording(
        429, "来自该地址或以此开头的错误密钥过多", "Too many wrong keys came from this address, or began like this one",
        "核对密钥，{wait} 秒后再试；正确的密钥随时可用", "Check the key and try again after {wait} seconds; the right one is let in at any time",
        told=("limit", "measured"),
    ),
    "REGISTRATIONS_FULL": Wording(
        503, "待审批的登记已达上限 {limit} 家", "{limit} registrations wait for a decision, and no more may",
        "{wait} 秒后再试，或请管理员用 yuhub enterprise add 登记", "Try again after {wait} seconds, or ask an administrator to register it with `yuhub enterprise add`",
        told=("limit", "measured"),
    ),
    "ENCODING_WRONG": Wording(
        415, "不接受 Content-Encoding: {given}", "Content-Encoding {given} is not taken here",
        "不压缩，原样发送，去掉 Content-Encoding", "Send the body as it is, uncompressed, and without that header",
    ),
    "FORBIDDEN": Wording(403, "角色 {role} 无权执行此操作", "The role {role} may not do this", "请联系管理员", "Ask an administrator"),
    "ACT_NOT_GRANTED": Wording(
        403, "对企业 {uscc} 的授权不含 {act}（{covers}）", "The mandate for {uscc} does not allow {act}: {covers}",
        "请企业所有者用 appointBroker 授予；own 只属于所有者", "Ask the owner of the enterprise to grant it with appointBroker; own is the owner's alone",
    ),
    "OWNER_STAYS": Wording(
        409, "{account} 是企业的所有者", "{account} is an owner of the enterprise",
        "所有者只能由管理员变更：yuhub mandate end", "Only an administrator ends what an owner holds: `yuhub mandate end`",
    ),
    "LAST_OWNER": Wording(
        409, "{account} 是企业唯一的所有者", "{account} is the only owner of the enterprise",
        "先用 yuhub mandate grant --owner 指定另一所有者", "Make another one first: `yuhub mandate grant --owner`",
    ),
    "OWN_APPLICATION": Wording(
        403, "不能审批自己申请或代理过的企业的事项", "Nobody decides on what is of an enterprise that they applied for or acted for",
        "请另一位登记员批准", "Have another registrar decide on it",
    ),
    "ROLE_DIFFERS": Wording(
        409, "账号 {account} 的角色是 {known}，不是 {role}", "The account {account} has the role {known}, not {role}",
        "一个账号只有一种角色；换一个账号名", "An account has one role; choose another name for this one",
    ),
    "ACCOUNT_KNOWN": Wording(
        409, "账号 {account} 已存在，代表：{enterprises}", "The account {account} is there already and acts for: {enterprises}",
        "换一个账号名；确需再发一把密钥的，加 --again", "Choose another name; --again gives this account one more key",
    ),
    "ACCOUNT_ELSEWHERE": Wording(
        409, "账号 {account} 不代表企业 {enterprises}", "The account {account} does not act for {enterprises}",
        "由该企业自行委托此账号（appointBroker），或换一个账号名", "Have that enterprise appoint the account (appointBroker), or choose another name",
    ),
    "CONNECTOR_UNKNOWN": Wording(
        404, "没有名为 {name} 的连接器；已安装：{known}", "There is no connector {name}; installed are {known}",
        "用 pip 安装其软件包，或给出含 pyproject.toml 的目录", "Install its package with pip, or name its folder (the one with pyproject.toml)",
    ),
    "CONNECTOR_NAME": Wording(
        400, "{name} 不能作为连接器名称", "{name} is no name for a connector",
        "2 至 30 位小写字母、数字与下划线，以字母开头，且未被使用", "2 to 30 lower-case letters, digits and underscores, a letter first, and not taken",
    ),
    "CONNECTOR_TALK": Wording(
        502, "无法读取 {name} 的数据流 {stream}：{cause}", "{stream} of {name} cannot be read: {cause}",
        "运行 yuhub connector probe {name} 查看哪一步不通", "Run `yuhub connector probe {name}` to see which step fails",
    ),
    "PAGE_REFUSED": Wording(
        502, "{name} 的数据流 {stream} 整页将被隔离：{cause}", "The whole page of {stream} of {name} would be quarantined: {cause}",
        "与该部门核对协议版本，修正 streams.py", "Compare the edition of the protocol with the authority, and mend streams.py",
    ),
    "STREAM_UNKNOWN": Wording(
        404, "{name} 没有数据流 {stream}；现有：{known}", "{name} has no stream {stream}; there are {known}",
        "运行 yuhub connector show {name}", "Run `yuhub connector show {name}`",
    ),
    "FOLDER_TAKEN": Wording(
        409, "{folder} 已存在", "{folder} is there already",
        "换一个名称，或用 --into 指定其他目录", "Choose another name, or another place with --into",
    ),
    "NOT_FOUND": Wording(
        404, "未找到{what}{name}", "{what}{name} was not found",
        "核对编号或名称；企业只能看到自己的和获授权的", "Check the number or the name; an enterprise sees its own and what it was lent",
    ),
    "JOB_UNKNOWN": Wording(404, "没有同步任务 {job}", "There is no job {job}", "现有：{known}", "There are: {known}"),
    "ACTION_UNKNOWN": Wording(404, "审计记录没有动作 {action}", "The audit log knows no action {action}", "现有：{known}", "There are: {known}"),
    "JOB_PAUSED": Wording(
        409, "任务 {job} 已由{by}于北京时间 {since} 暂停：{why}", "The job {job} was paused by {by} at {since} Beijing time: {why}",
        "先恢复任务（resumeJob，yuhub sync resume），再下达", "Resume it first (resumeJob, `yuhub sync resume`), then order again",
    ),
    "JOB_PAUSED_ALREADY": Wording(
        409, "任务 {job} 已由{by}于北京时间 {since} 暂停：{why}", "The job {job} is paused already, by {by} at {since} Beijing time: {why}",
        "无须再次暂停；恢复用 resumeJob 或 yuhub sync resume", "Nothing is left to do; resumeJob or `yuhub sync resume` lets it start again",
    ),
    "JOB_OBEYS": Wording(
        409, "{job} 执行各项指令，也包括恢复它自己的指令，不能暂停", "{job} carries out orders, also the one that would resume it; it cannot be paused",
        "改为暂停要停的任务（pauseJob，yuhub sync pause）", "Pause the jobs that are to stop (pauseJob, `yuhub sync pause`)",
    ),
    "JOB_NOT_PAUSED": Wording(
        409, "任务 {job} 没有暂停，也不在暂歇：{since}", "The job {job} is neither paused nor at rest: {since}",
        "无须恢复；要立即运行，用 runJob 或 yuhub sync run", "Nothing is left to do; runJob or `yuhub sync run` has it run at once",
    ),
    "JOB_ORDERED": Wording(
        409, "同样的指令已在等待：{by}于北京时间 {since} 下达给任务 {job}（{why}）{due}",
        "The same order to {job} waits already, given by {by} at {since} Beijing time ({why}){due}",
        "无须再次下达；yuhub sync status 说明它在等什么", "Nothing is left to do; `yuhub sync status` says what it waits for",
    ),
    "JOB_LEFT_OUT": Wording(
        409, "任务 {job} 的连接器 {connector} 未被载入，无从执行", "The connector {connector} of the job {job} is left out, so nobody can carry this out",
        "yuhub connector list 说明原因；改正后重启枢纽", "`yuhub connector list` says why; mend that and start the hub anew",
    ),
    "TRADE_UNNAMED": Wording(
        400, "未指明是哪一票交易", "It is not said which trade",
        "给出 number 或 orderNumber 其中之一", "Give one of number and orderNumber",
    ),
    "TRADE_AMBIGUOUS": Wording(
        409, "不止一个企业有订单号 {order}", "More than one enterprise has an order {order}",
        "改用枢纽的编号 number", "Give the hub's number instead",
    ),
    "PATH_UNKNOWN": Wording(
        404, "没有 {path}", "There is nothing at {path}",
        "接口为 /graphql、/trades、/papers/<编号>、/responses/<编号>、/hooks/<连接器>/<名称>、/docs/；推送之门须先设置密钥",
        "There are /graphql, /trades, /papers/<number>, /responses/<id>, /docs/ and /hooks/<connector>/<name>, whose secret has to be set",
    ),
    "METHOD_WRONG": Wording(405, "{path} 不接受 {method}", "{path} takes no {method}", "改用 {allowed}", "Use {allowed}"),
    "REQUEST_WRONG": Wording(
        400, "无法理解这一请求：{cause}", "The request cannot be understood: {cause}",
        "核对地址、请求头与请求体", "Check its address, headers and body",
    ),
    "REASON_MISSING": Wording(400, "缺少理由", "A reason is missing", "写明为什么要这样做，它会记入审计", "Say why; it goes to the audit log"),
    "PURPOSE_MISSING": Wording(
        400, "缺少用途（purpose）：准许查看须写明为了什么", "The `purpose` is missing: a consent says for what the trades may be seen",
        "用一句话写明用途，至多 200 字；每次查看都连同它记入访问记录（accessLog）",
        "Say for what in one line of at most 200 characters; `accessLog` repeats it each time somebody looks",
    ),
    "REASON_UNFIT": Wording(
        400, "理由超过 {most} 字，或含有换行等控制字符", "The reason has more than {most} characters, or control characters such as line breaks",
        "写成一行，短一些", "Say it in one line, shorter",
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
        told=MEASURED,
    ),
    "HEAD_TOO_LARGE": Wording(
        431, "请求行与请求头超过 {limit} 字节", "The request line and headers are larger than {limit} bytes",
        "缩短地址或请求头；GraphQL 查询改用 POST 发送", "Shorten the address or the headers; send a GraphQL query by POST",
    ),
    "REQUEST_SLOW": Wording(
        408, "请求来得太慢，已不再等待", "The request came too slowly and is waited for no longer",
        "检查网络后重试；大量交易请分几次送", "Check the network and try again; send many trades in several requests",
    ),
    "ROOM_FULL": Wording(
        503, "同类请求太多，暂时无法受理", "There are too many requests of this kind at the moment",
        "按 Retry-After 所示的秒数稍后重发", "Send it again after the seconds that Retry-After says",
        retry_after=2,
    ),
    "MEDIA_TYPE": Wording(
        415, "不接受 {given}", "{given} is not taken here",
        "以 Content-Type: {wanted} 发送", "Send it with Content-Type: {wanted}",
    ),
    "GRAPHQL_INVALID": Wording(
        400, "查询或变量不合 schema：{cause}", "{cause}",
        "对照 graphql/schema.graphql 改正", "Mend it by graphql/schema.graphql",
    ),
    "QUERY_TOO_LARGE": Wording(
        400, "查询过大：{what}为 {measured}，上限 {limit}；未执行", "The query is too large: {what}: {measured}, the limit is {limit}. Nothing was done",
        "少问一些，或拆成几个查询；每项上限见 docs/limits.md，登录者的上限更高", "Ask for less, or in several queries; docs/limits.md has every limit, those of a caller with a key are higher",
        told=MEASURED,
    ),
    "ANSWER_TOO_LARGE": Wording(
        400, "答复过大，已中止：{what}已达 {measured}，上限 {limit}；未存储任何内容", "The answer grew too large and was ended: {what}: {measured} so far, the limit is {limit}. Nothing was stored",
        "减小 first，或少选列表中的字段，分几次查询", "Ask for fewer rows with `first`, or for fewer of the lists inside, in several queries",
        told=MEASURED,
    ),
    "QUERY_TOO_LONG": Wording(
        400, "操作用时 {measured} 秒，上限 {limit} 秒，已中止；未存储任何内容", "The operation took {measured} s, the limit is {limit} s; it was ended. Nothing was stored",
        "减小 first，或少选一些字段；若枢纽正忙，稍后再试", "Ask for fewer rows or fields; where the hub is busy, try again later",
        told=MEASURED,
    ),
    "CALLER_GONE": Wording(
        499, "提问者已断开，查询已中止", "Who asked closed the line; the query was ended",
        "保持连接直到收到答复，再问一次", "Ask again, and keep the line open until the answer has come",
    ),
    "ANSWER_CUT_SHORT": Wording(
        409, "{stored} 已完成并存储；但答复中止：{what}为 {measured}，上限 {limit}", "{stored} was carried out and is stored, but the answer to it was ended: {what}: {measured}, the limit is {limit}",
        "不要重复提交；用查询读取结果", "Do not order it again; read what became of it with a query",
        told=(*MEASURED, "stored"),
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
    "UNKNOWN_CODE": Wording(422, "{value} 不是有效的{what}", "{value} is no known {what}", "使用 {standard} 代码", "Use a code of {standard}"),
    "CHECK_DIGIT": Wording(
        422, "{value} 不是统一社会信用代码：应为 18 位，校验位相符",
        "{value} is no USCC: it has 18 characters, and its check digit fits",
        "核对位数，以及是否抄错一位", "Count them, and look for a mistyped one",
    ),
    "TOO_PRECISE": Wording(
        422, "{currency} 金额最多 {places} 位小数", "an amount in {currency} has at most {places} decimals",
        "四舍五入后重填", "Round it",
    ),
    "NET_OVER_GROSS": Wording(
        422, "净重 {net} 大于毛重 {gross}", "the net weight {net} is more than the gross weight {gross}",
        "核对两个重量", "Check both weights",
    ),
    "LINE_MISSING": Wording(422, "没有第 {line} 行商品", "there is no goods line {line}", "行号从 1 到 {last}", "Lines count from 1 to {last}"),
    "TOTAL_NEGATIVE": Wording(
        422, "折扣超过货值与运保费之和", "the discount is more than goods, freight and insurance together",
        "核对折扣", "Check the discount",
    ),
    "PRICE_HOLDS_NOTHING": Wording(
        422, "成交方式 {terms} 的单价含运费与保险费，而这些费用 {charges} 不少于货值 {goods}", "by {terms} the price holds freight and insurance, but these, {charges}, are not less than the goods, {goods}",
        "核对成交方式、单价、运费与保险费", "Check terms, prices, freight and insurance",
    ),
    "IN_THE_PAST": Wording(422, "{value} 已经过去", "{value} has passed already", "写一个将来的时间，或留空", "Give a time to come, or leave it out"),
    "IN_THE_FUTURE": Wording(422, "{value} 晚于现在", "{value} has not come yet", "核对日期", "Check the date"),
    "QUANTITY_EXCEEDED": Wording(
        422, "进货数量合计 {bought} 超过出口数量 {sold}", "{bought} bought is more than {sold} sold",
        "核对发票行", "Check the invoice rows",
    ),
    "DESTINATION_ASKED": Wording(
        422, "目的港 {port} 与买方所在国 {buyer} 不在同一国家，无法得知最终目的国", "the port {port} and the buyer, in {buyer}, are in two countries: which do the goods end in?",
        "填写最终目的国，如 US", "Fill in the country of destination, such as US",
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
    "LEGAL_QUANTITY": Wording(
        422, "海关对 {hs} 按“{unit}”计法定数量，售出单位“{sold}”不能换算成它", "customs counts {hs} in {unit}, and {sold} cannot be converted into that",
        "填写 {field}（以“{unit}”计）", "Fill in {field}, in {unit}",
    ),
    "LEGAL_QUANTITY_WEIGHT": Wording(
        422, "售出 {sold} 合 {weight} 千克，净重却是 {net} 千克", "{sold} are {weight} kg, but the net weight is {net} kg",
        "改正数量、单位或净重；都无误时填写 {field}（以“{unit}”计）", "Correct quantity, unit or net weight; where all are right fill in {field}, in {unit}",
    ),
    "LEGAL_QUANTITY_DIFFERS": Wording(
        422, "法定数量 {stated} {unit} 与录入的其他内容不符，应为 {worked}", "{stated} {unit} does not agree with the rest of the entry, from which {worked} follow",
        "改正其中之一，或清空 {field} 由枢纽换算", "Correct the one or the other, or leave {field} empty and the hub works it out",
    ),
    "LEGAL_QUANTITY_WHOLE": Wording(
        422, "“{unit}”按件数计，法定数量 {quantity} 不是整数", "customs counts in {unit}, and {quantity} of them are no whole number",
        "改正数量、单位或 {field}", "Correct quantity, unit or {field}",
    ),
    "LEGAL_QUANTITY_NONE": Wording(422, "{hs} 没有法定第二单位", "{hs} has no second legal unit", "清空 {field}", "Leave {field} empty"),
    "AUTHORITY_RULE": Wording(
        422, "{authority}不接受：{rule}（单证 {kind} 的 {field}）", "{authority} would refuse it: {rule} ({field} of {kind})",
        "按该规则修改此处", "Change it here as the rule says",
    ),
    "NOT_DERIVABLE": Wording(
        422, "无法生成单证 {kind} 的 {field}：{cause}", "{field} of {kind} cannot be derived: {cause}",
        "补充所缺内容", "Add what is missing",
    ),
    "EXEMPTION_TO_DECLARE": Wording(
        422, "本票不办理退税：免税须申报，自出口之日起 36 个月内既未申报退税也未申报免税的，视同内销征税", "no refund is filed for this trade: an exemption has to be declared, and what is declared as neither within 36 months of the export is taxed as a domestic sale",
        "在期限内申报免税；可以退税的，补录进货发票", "Declare the exemption in time; where a refund is possible, add the purchase invoices",
    ),
    "ORDER_TAKEN": Wording(
        409, "订单号 {order} 已录入（{number}），内容不同", "Order {order} was entered as {number} with other content",
        "换用新的订单号，或更正后重新提交相同内容", "Use a new order number, or send the same content again",
    ),
    "PARCEL_TAKEN": Wording(
        409, "物流运单号 {value} 已用于另一票交易", "The parcel number {value} is that of another trade",
        "核对面单：同一物流企业的运单号不得重复", "Look at the label: a carrier gives each parcel a number of its own",
    ),
    "VERSION_STALE": Wording(
        409, "交易已是第 {current} 版，不是第 {given} 版", "The trade is at version {current}, not {given}",
        "重新查询后再修改", "Ask for it again and amend what you then see",
    ),
    "NOTHING_CHANGED": Wording(422, "内容没有变化", "Nothing is different", "写明要改的字段与新值", "Name the field and its new value"),
    "PAST_RECALL": Wording(
        409, "{papers} 已无法更改", "{papers} can no longer be changed",
        "可先取消本票（放行前），再以新订单号重新录入；已离境的办理退运", "Cancel the trade before customs releases it and enter it anew; after departure have the goods sent back",
    ),
    "IN_FLIGHT": Wording(
        409, "{papers} 正在发送或等待回执", "{papers} is on its way; the answer is awaited",
        "稍候片刻再试", "Try again in a moment",
    ),
    "DEPARTED": Wording(
        409, "货物已离境，无法取消", "The goods have left; the trade can no longer be cancelled",
        "已放行的办理退运（退货申请单 213），其他的与主管机构办理", "Have released goods sent back (return application 213); of other papers ask their authority",
    ),
    "RELEASED": Wording(
        409, "{papers} 已终结（放行、结汇等），无法取消", "{papers}: over for good, as by release or settlement; the trade can no longer be cancelled",
        "已放行的办理退运（退货申请单 213），其他的与主管机构办理", "Have released goods sent back (return application 213); of other papers ask their authority",
    ),
    "ORDER_CANCELLED": Wording(
        409, "订单号 {order} 已作为 {number} 录入并已取消", "Order {order} was entered as {number} and cancelled",
        "以新订单号录入", "Enter it under a new order number",
    ),
    "TRADE_OVER": Wording(
        409, "交易已结束（{state}）", "The trade is over ({state})", "以新订单号重新录入", "Enter a new one under a new order number",
    ),
    "CONSOLIDATION_STATE": Wording(
        409, "集拼 {number} 的状态为 {state}，不能{done}", "Consolidation {number} is {state}; it cannot be {done}",
        "已封闭而未起运的可重新打开；其他情形另开一个集拼", "Reopen one that is closed and has not moved; otherwise begin another",
    ),
    "CONSOLIDATION_DIFFERS": Wording(
        409, "交易 {trade} 的{field}为 {theirs}，集拼 {number} 为 {ours}", "The {field} of trade {trade} is {theirs}, that of consolidation {number} {ours}",
        "加入{field}相同的集拼，或更正交易", "Have it join one with the same {field}, or amend the trade",
    ),
    "CONSOLIDATION_TAKEN": Wording(
        409, "集拼 {number} 已打开，编组同为 {key}", "Consolidation {number} is open already for {key}",
        "加入该集拼，或先将其封闭", "Join that one, or close it first",
    ),
    "CONSOLIDATION_EMPTY": Wording(
        409, "集拼 {number} 中没有交易，不能封闭", "Consolidation {number} has no trade in it; it cannot be closed",
        "先加入交易", "Have a trade join it first",
    ),
    "BOOKED_ALONE": Wording(
        409, "交易 {trade} 自己的{paper}已发出，不能再加入集拼", "The {paper} of trade {trade} itself has gone out; it joins no consolidation any more",
        "让它单独运输，或在放行前取消后以新订单号重新录入", "Have it go alone, or cancel it before the release and enter it anew",
    ),
    "ON_A_LINE": Wording(
        409, "交易 {trade} 已在集拼 {number} 中", "Trade {trade} is in consolidation {number} already",
        "先让它离开该集拼", "Have it leave that one first",
    ),
    "NOT_ABOARD": Wording(
        409, "交易 {trade} 不在集拼 {number} 中", "Trade {trade} is not in consolidation {number}",
        "核对交易与集拼的编号", "Check the numbers of the trade and of the consolidation",
    ),
    "LINE_LOADED": Wording(
        409, "交易 {trade} 已随集拼 {number} 起运，不能离开", "Trade {trade} has moved with consolidation {number}; it cannot leave it",
        "需运回的，办理退运", "Have the goods sent back where they must not arrive",
    ),
    "NO_SUCH_PLACE": Wording(
        422, "没有这个位置", "there is no such place in the entry", "路径如 goods[1].hsCode", "A path looks like goods[1].hsCode",
    ),
    "REMITTANCE_MATCHED": Wording(
        409, "该笔收汇已于 {at} 关联", "The remittance was matched at {at}",
        "查看其关联的交易；关联有误的，凭申报号到银行更正申报", "Look at the trades that it is for; where that is wrong, have the bank correct what was declared under its report number",
    ),
    "REMITTANCE_GONE": Wording(
        409, "该笔收汇不再计入（{match}）：银行已冲正，或同一笔款已另行计入",
        "The remittance does not count any more ({match}): the bank took it back, or the same money counts elsewhere",
        "用 remittances 查看该账户的其他收汇", "Look at the other remittances of the account with `remittances`",
    ),
    "ADVICE_SETTLED": Wording(
        409, "该银行通知无须认定（{state}）", "There is nothing to say of this advice ({state})",
        "只有 state 为 unclear 的冲正须指明所冲收汇", "Only a reversal whose state is unclear asks which remittance it takes back",
    ),
    "REVERSAL_DIFFERS": Wording(
        422, "所选收汇合计 {value}，冲正为 {amount}", "The remittances chosen add up to {value}, the reversal is {amount}",
        "选同一账户、同一币种、尚未冲正、合计相同的收汇；都不是的，remittances 留空并写明理由",
        "Choose remittances of the same account and currency that were not taken back and add up to it; where it is none of them, leave remittances empty and say why",
    ),
    "PAPER_KIND_UNNAMED": Wording(
        422, "{number} 是交易的编号，未指明是哪种单证", "{number} is a trade's number; which of its papers is not said",
        "指明其一：{kinds}；或直接用单证的编号", "Name one of {kinds}, or ask by the paper's own number",
    ),
    "PAPER_KIND_UNKNOWN": Wording(
        422, "{number} 没有单证 {kind}", "{number} has no paper {kind}",
        "最接近的是 {near}；共有：{kinds}", "Near to it: {near}; there are: {kinds}",
    ),
    "PAPER_FIELD_UNKNOWN": Wording(
        422, "单证 {kind} 没有字段 {field}", "{kind} has no field {field}",
        "最接近的是 {near}；共有（行从 0 数起）：{known}", "Near to it: {near}; there are, lines counted from 0: {known}",
    ),
    "PAPER_STANDS": Wording(
        409, "{number} 没有待确认的删除", "{number} does not wait to be dropped",
        "仅当单证的提示代码为 REMITTANCE_UNDONE 时可确认", "Only a paper with the attention REMITTANCE_UNDONE can be dropped",
    ),
    "ANOTHERS_TRADE": Wording(
        422, "{number} 不是收汇企业的交易，或已取消，或已收齐",
        "{number} is no trade of the enterprise that was paid, or is cancelled, or is paid in full",
        "填写该企业仍有应收余额的交易编号", "Name a trade of that enterprise that something is still owed for, by the hub's number",
    ),
    "NUMBER_TAKEN": Wording(
        409, "申报号码 {number} 已对应收汇 {remittance}", "The number {number} (RPTNO) is of remittance {remittance} already",
        "查看该笔收汇；对应有误的，请银行更正基础信息", "Look at that remittance; where that is wrong, have the bank correct its basic information",
    ),
    "NUMBER_REVOKED": Wording(
        409, "银行已撤销申报号码 {number}", "The bank has taken the number {number} (RPTNO) back",
        "等待银行给出新的申报号码", "Wait for the bank's new number",
    ),
    "REMITTANCE_NUMBERED": Wording(
        409, "该笔收汇已有申报号码 {number}", "The remittance has the number {number} (RPTNO) already",
        "一笔收汇只有一个申报号码；有误的，请银行更正基础信息", "A remittance has one number; where it is wrong, have the bank correct its basic information",
    ),
    "REMITTANCE_UNMATCHED": Wording(
        409, "该笔收汇尚未关联交易", "It is not known yet which trades the remittance is for",
        "先用 matchRemittance 关联交易", "Tie it to its trades first, with matchRemittance",
    ),
    "REMITTANCE_EXCEEDED": Wording(
        422, "分配合计 {value} 超过收汇金额 {most}", "The shares add up to {value}, more than the {most} that came in",
        "减少某一笔的金额", "Lower one of the amounts",
    ),
    "OWED_EXCEEDED": Wording(
        422, "核销 {value} 超过 {number} 的应收余额 {most}", "{value} is more than the {most} still owed for {number}",
        "减少核销金额", "Lower what it covers",
    ),
    "COVERS_MISSING": Wording(
        422, "收汇币种 {paid} 与交易币种 {owed} 不同，须注明核销金额",
        "It was paid in {paid} and is owed in {owed}: how much it covers has to be said",
        "填写 covers（交易币种）", "Fill in covers, in the trade's currency",
    ),
    "REGISTERED_ALREADY": Wording(
        409, "企业 {value} 已登记", "Enterprise {value} is registered already",
        "拒绝该申请；企业遗失密钥的，核实身份后用 yuhub key issue 签发新密钥",
        "Refuse the application; where the firm has lost its key, make sure who asks and issue another with `yuhub key issue`",
    ),
    "APPLICATION_UNNAMED": Wording(
        409, "{uscc} 有多份申请待审：{applications}", "Several applications for {uscc} wait: {applications}",
        "指明其中一份（application，命令行为 --application）；批准一份即拒绝其余各份",
        "Say which one is meant (application, on the command line --application); approving one refuses the others",
    ),
    "CHANGE_DECIDED": Wording(
        409, "变更 {id} 不再待审（{state}）", "Change {id} does not wait any more ({state})",
        "用 yuhub enterprise changes 查看待审的变更", "`yuhub enterprise changes` shows those that wait",
    ),
    "CHANGE_OWN": Wording(
        403, "变更 {id} 由 {account} 提出，不能由其本人审批", "Change {id} was asked for by {account}, who cannot decide on it",
        "请另一位工作人员审批", "Ask another member of staff",
    ),
    "CHANGE_STALE": Wording(
        409, "变更 {id} 提出后登记内容已变：{fields}", "The registration is not what it was when change {id} was asked for: {fields}",
        "拒绝该变更，请企业重新提交", "Refuse the change, and have the enterprise send it again",
    ),
    "ACCOUNT_CLAIMED": Wording(
        409, "银行账户 {account} 属于 {name}（{uscc}）", "The bank account {account} is held by {name} ({uscc})",
        "核实账户归属：由原企业先变更账户，或由工作人员裁定（decideAccountClaim，yuhub enterprise decide-claim）",
        "Find out whose it is: the other enterprise changes its account first, or staff end its claim (decideAccountClaim, `yuhub enterprise decide-claim`)",
    ),
    "ENTERPRISE_NOT_APPROVED": Wording(
        403, "企业 {uscc} 尚未获批（{state}）", "Enterprise {uscc} is not approved ({state})",
        "等待审批或联系管理员；在此之前只能查看", "Wait for the approval, or ask an administrator; until then the key reads and does not act",
    ),
    "ENTRY_REFUSED": Wording(
        422, "录入有 {count} 处错误，未保存任何内容", "Errors in what was sent: {count}; nothing was stored",
        "逐项修改后重新提交", "Mend each and send it again",
    ),
    # files of trades
    "COLUMN_UNKNOWN": Wording(422, "没有“{column}”这一列", "there is no column “{column}”", "相近的列：{nearest}", "Nearest are: {nearest}"),
    "COLUMN_TWICE": Wording(422, "“{column}”与“{other}”是同一列", "“{column}” and “{other}” are one column", "删除其中之一", "Remove one of them"),
    "COLUMN_MISSING": Wording(422, "缺少“{column}”列", "the column “{column}” is missing", "补上这一列", "Add it"),
    "ROW_UNREADABLE": Wording(
        422, "第 {row} 行无法读取：{cause}", "row {row} cannot be read: {cause}",
        "改正该行后重新录入", "Mend the row and enter it again",
    ),
    "ROW_NEIGHBOUR": Wording(
        422, "相邻的第 {row} 行看不出订单号，可能属于本订单", "row {row} above does not show its order number; it may belong to this order",
        "改正第 {row} 行后一并录入", "Mend row {row} and enter both",
    ),
    "ROWS_DIFFER": Wording(
        422, "与第 {row} 行的“{value}”不同", "row {row} says “{value}”",
        "同一订单（同一商品行）各行填写一致，或只填第一行", "Let the rows of one order (of one goods line) say the same, or the first alone",
    ),
    "ORDER_SPLIT": Wording(
        422, "订单号 {order} 已在第 {first} 行出现，第 {row} 行又出现", "order {order} stands at row {first} and comes back at row {row}",
        "把同一订单的各行放在一起", "Put the rows of one order together",
    ),
    "LINE_OUT_OF_TURN": Wording(
        422, "商品行号 {line} 应为 {next}", "goods line {line} should be {next}",
        "行号从 1 起逐一递增；再次出现的行号为该行追加进货发票", "Lines count 1, 2, 3; a number that comes again adds a purchase to that line",
    ),
    "LINE_UNREADABLE": Wording(
        422, "这一行无法读取：{cause}", "the line cannot be read: {cause}",
        "每行写一票完整的 JSON", "Write one whole trade as JSON on each line",
    ),
    "EXAMPLE_ROW": Wording(
        422, "这是模板中的示例", "this is the example of the template",
        "删除示例行，或改成自己的交易", "Remove its row, or write your own trade there",
    ),
    "FORMULA": Wording(422, "单元格是公式 {value}", "the cell is the formula {value}", "粘贴为数值", "Paste its value"),
    "DIGITS_LOST": Wording(
        422, "{value} 已被电子表格改写，末位数字丢失", "a spreadsheet has shortened it to {value}; its last digits are lost",
        "把该列设为文本格式后重新填写", "Format the column as text and type it again",
    ),
    # what a paper waits for a person with
    "FIELDS_MISSING": Wording(
        422, "单证缺少：{fields}", "The paper lacks: {fields}",
        "补充后自动继续", "Once it is added the paper goes on by itself",
    ),
    "BANK_CHANGED": Wording(
        409, "单证生成后，银行更改了：{fields}", "Since the paper was made, the bank has changed: {fields}",
        "与银行核对后，用 completeDeclaration 按现有信息重新申报", "Check it with the bank, then declare anew as things are now, with completeDeclaration",
    ),
    "AUTHORITY_REJECTED": Wording(422, "被退回：{words}", "Returned: {words}", "修改所指字段后重新申报", "Mend the field it names and declare again"),
    "AUTHORITY_ASKS": Wording(422, "{said}", "{said}", "致电对方", "Call the authority"),
    "REMITTANCE_UNDONE": Wording(
        409, "已申报的收汇 {amount} {currency}（{reference}）不再属于本交易：银行已冲正，或关联已更正",
        "The remittance of {amount} {currency} ({reference}) that was declared is this trade's no more: the bank took it back, or its matching was corrected",
        "到银行删除该笔申报，再以 dropPaper 确认", "Have the declaration deleted at the bank, then say so with dropPaper",
    ),
    "PAPER_CORRECTED": Wording(
        409, "已发出的内容与更正后的数据不符：{changes}", "What went out is otherwise by what is known now: {changes}",
        "核对后用 yuhub settle {number} 了结：--again 改报，--leave 保留已发出的（例如已与对方另行更正）；撤回整票用 yuhub cancel",
        "Compare both, then settle it with `yuhub settle {number}`: --again declares the change, --leave keeps what went out, such as after it was put right with the authority; `yuhub cancel` withdraws the whole trade",
    ),
    "NOTHING_CORRECTED": Wording(
        409, "单证 {number} 没有待了结的更正", "Nothing about paper {number} waits to be settled",
        "查看其 attention", "Look at its attention",
    ),
    "PAPER_BASELESS": Wording(
        409, "{papers} 已失去依据，无法改报；缺少：{fields}", "{papers} has nothing left to declare; it lacks: {fields}",
        "请对方撤销，再以 --leave 了结", "Have the authority take it back, then settle it with --leave",
    ),
    "REMITTANCE_CORRECTED": Wording(
        409, "该笔收汇由 {was} 更正为 {now}，人工已分配 {allocated}", "The remittance is {now}, not {was}; {allocated} of it were matched by a person",
        "用 matchRemittance 重新分配；shares 留空表示不属于任何交易", "Match it again (matchRemittance); without shares it is for no trade",
    ),
    "REMITTANCE_VOID": Wording(
        409, "银行报文重读后没有这笔收汇（{was}），人工已分配 {allocated}", "The bank's message does not tell of this remittance ({was}) after all; {allocated} of it were matched by a person",
        "向银行核实；matchRemittance 的 shares 留空即撤销分配", "Ask the bank; matchRemittance without shares undoes the match",
    ),
    "CANCELLED_TOO_LATE": Wording(
        409, "对方已办结，撤销来不及了", "It was concluded before it could be cancelled",
        "已放行的办理退运（退货申请单 213），其他的与主管机构办理", "Have released goods sent back (return application 213); of other papers ask their authority",
    ),
    "AUTHORITY_UNCLEAR": Wording(
        422, "对方返回了不认识的代码 {authorityCode}：{words}", "The authority answered with the unknown code {authorityCode}: {words}",
        "查看原文并致电对方", "Read the original and call the authority",
    ),
    "DELIVERY_GIVEN_UP": Wording(
        503, "{attempts} 次发送未成功：{error}", "{attempts} attempts to send failed: {error}",
        "待对方恢复后由运维重放其发送任务，如 yuhub sync replay customs.send", "When the other side is back, staff replay its sender, such as `yuhub sync replay customs.send`",
    ),
    # telling and handing out
    "WEBHOOK_URL": Wording(
        422, "这不是可用的 webhook 地址", "This is no address for a webhook",
        "写成 https://主机[:端口]/路径：纯 ASCII，不含用户名、密码和空格", "Write https://host[:port]/path in ASCII, with no user name, password or space",
    ),
    "WEBHOOK_PLAIN": Wording(
        422, "通知只经加密连接发送", "Notices go over an encrypted connection alone",
        "改用 https:// 地址", "Use an address that begins with https://",
    ),
    "WEBHOOK_PORT": Wording(
        422, "通知不发往端口 {port}", "Notices do not go to port {port}",
        "使用这些端口之一：{known}；其他端口请管理员加入 webhook_ports", "Use one of the ports {known}; an administrator can add others to webhook_ports",
    ),
    "WEBHOOK_HOST": Wording(
        422, "{host} 不是公网主机", "{host} is no host on the public internet",
        "使用能解析到公网 IP 的域名；内网部署可设置 webhook_private_addresses", "Use a name that leads to public IP addresses; in a network of your own set webhook_private_addresses",
    ),
    "WEBHOOK_EVENTS": Wording(
        422, "没有这样的事件：{value}", "There is no such event: {value}",
        "从这些中选至少一个：{known}", "Choose at least one of: {known}",
    ),
    "WEBHOOK_EVENTS_MISSING": Wording(
        422, "没有给出事件（events）", "No event is named in `events`",
        "至少选一个：{known}", "Choose at least one of: {known}",
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
        "用 enterprise 参数写明其中之一：{known}", "Name one of these in the argument enterprise: {known}",
    ),
    # being told, and trying out
    "HOOK_REFUSED": Wording(
        401, "推送未能证明来自约定的发送方，未留存", "The push does not prove who sent it; nothing of it was kept",
        "核对双方的密钥，以及签名所覆盖的头与原始请求体", "Compare the secret at both ends, and what is signed: the agreed headers and the body as it goes out",
    ),
    "HOOK_OUT_OF_TIME": Wording(
        400, "推送签于 {signed}，枢纽时间为 {now}，相差超过 {seconds} 秒，未留存", "The push was signed at {signed}, it is {now} here: more than {seconds} seconds apart; nothing of it was kept",
        "校准发送方时钟；重发时以当时的时间重新签名", "Set the sender's clock; sign anew whenever it is sent again",
    ),
    "SANDBOX_ONLY": Wording(
        403, "集成商密钥只在沙箱枢纽有效，本枢纽不是沙箱", "An integrator's key works in a sandbox only, and this hub is none",
        "运行 yuhub mocks，并以 YUHUB_SANDBOX=true 启动枢纽；正式业务请用企业密钥", "Run `yuhub mocks` and a hub with YUHUB_SANDBOX=true; real business takes an enterprise's key",
    ),
    "PAPER_UNWRITABLE": Wording(
        409, "单证 {number} 第 {version} 版无法写成报文：{cause}", "Version {version} of paper {number} cannot be written: {cause}",
        "修改所指字段后会有新的一版", "Mend the field it names; a new version follows",
    ),
    # what `yuhub verify` finds
    "RAW_LINK_BROKEN": Wording(
        409, "链 {chain} 第 {seq} 条：{found}", "{chain} #{seq}: {found}",
        "停止对数据库的其他改动，与备份逐条比对所列报文；其记录可由备份恢复后重放", "Let nobody else change the database; compare this message with a backup, restore and replay",
    ),
    "RUN_UNBALANCED": Wording(
        409, "{job} {day} 的运行 {run}：收到 {received}，去向合计 {accounted}，差 {off}", "Run {run} of {job} on {day}: {received} received, {accounted} accounted for, off by {off}",
        "与备份比对该运行的一行；计数被改过的，由备份恢复", "Compare the run's row with a backup; where a counter was changed, restore it",
    ),
    "RUN_RECOUNTED": Wording(
        409, "{job} {day} 的运行 {run} 与逐条报文的计数不符（运行 ≠ 报文）：{sides}", "Run {run} of {job} on {day} is not what its messages add up to (run ≠ messages): {sides}",
        "与备份比对该运行的一行与 raw_reading 中它的各行，恢复被改或被删的", "Compare the run's row and its rows of raw_reading with a backup; restore what was changed or deleted",
    ),
    "RUN_MISSING": Wording(
        409, "运行 {run} 不在账上，其 {messages} 条报文共收到 {received} 条记录", "Run {run} is not in the ledger; {messages} messages of it brought {received} records",
        "由备份恢复 sync_run 中的这一行", "Restore its row of sync_run from a backup",
    ),
    "QUARANTINE_SHORT": Wording(
        409, "链 {chain} 的报文 {message} 隔离了 {aside} 条，隔离区只有 {kept} 条", "{aside} records of message {message} ({chain}) were set aside, and {kept} lie in quarantine",
        "重放该流（yuhub sync replay）会重新隔离或并入这些记录", "Replay the stream (yuhub sync replay): they are set aside or merged again",
    ),
    "LEDGER_GONE": Wording(
        409, "{source} 没有 {number}（{kind} 第 {version} 版），而本系统认为它有（{state}）", "{source} does not have {number} ({kind}, version {version}), and we believe that it has ({state})",
        "致电该部门核实；确实没有的，更正该交易使单证重新发出", "Call the authority; where it really has none, amend the trade so that the paper goes out again",
    ),
    "LEDGER_UNKNOWN": Wording(
        409, "{source} 有 {number}（{kind} 第 {version} 版，{said}），而本系统认为没有（{state}）", "{source} has {number} ({kind}, version {version}, {said}), and we believe that it has not ({state})",
        "运行该部门的数据流与发送（yuhub sync run），再核对一次；仍不符的由备份恢复该单证的状态", "Run its streams and its sender (yuhub sync run) and verify again; where it stays so, restore the paper's state from a backup",
    ),
    "LEDGER_VERSION": Wording(
        409, "{source} 所持的 {number}（{kind}）不是第 {version} 版的内容", "What {source} has as {number} ({kind}) is not what version {version} says",
        "用 yuhub paper 取出所发的一版，与该部门所持的比对；再以更正的一版改报", "Compare what was sent (yuhub paper) with what the authority has, then declare it again as a change",
    ),
    "LEDGER_IDENTIFIER": Wording(
        409, "{source} 称 {number}（{kind}）为 {said}，本系统记为 {ours}", "{source} calls {number} ({kind}) {said}, and we know it as {ours}",
        "运行该部门的数据流，再核对一次；仍不符的致电该部门，并与原文比对", "Run its streams and verify again; where it stays so, call the authority and compare with the raw messages",
    ),
    "LEDGER_TWICE": Wording(
        409, "{source} 有两份 {number}（{kind}）：{said}", "{source} has {number} ({kind}) twice: {said}",
        "致电该部门撤销多出的一份", "Call the authority and have the one that is too many taken back",
    ),
    "LEDGER_ENDED": Wording(
        409, "{source} 已终止 {number}（{kind}）：{said}；本系统仍认为它有（{state}）", "{source} has ended {number} ({kind}): {said}; we still believe that it has it ({state})",
        "运行该部门的数据流，再核对一次", "Run its streams and verify again",
    ),
    "LEDGER_STRANGER": Wording(
        409, "{source} 列有 {kind} {name}，本系统没有与之对应的单证", "{source} lists {kind} {name}, and no paper of ours is known by it",
        "核对是否有人在系统之外办理；否则由备份恢复该单证", "See whether somebody lodged it outside the hub; else restore the paper from a backup",
    ),
    "RESPONSE_LACKING": Wording(
        409, "{number}（{kind}）记为 {state}，所存 {source} 的回执都未这样说", "{number} ({kind}) stands as {state}, and no response of {source} that is kept says so",
        "与备份比对该单证的状态；回执被改或被删的，先看原文链", "Compare the paper's state with a backup; look at the raw chains first",
    ),
    "RESPONSE_UNHEEDED": Wording(
        409, "所存 {source} 的回执说 {number}（{kind}）为 {said}，而它记为 {state}", "The kept responses of {source} say {said} of {number} ({kind}), which stands as {state}",
        "重放该流（yuhub sync replay），再核对一次", "Replay the stream (yuhub sync replay) and verify again",
    ),
    "RESPONSE_LOST": Wording(
        409, "{source} 的一条回执（{said}）说的是 {number}（{kind}），所存的原文里有，记录里没有", "A response of {source} ({said}) is about {number} ({kind}); it stands in the kept messages and not in the records",
        "重放该流（yuhub sync replay），再核对一次", "Replay the stream (yuhub sync replay) and verify again",
    ),
    "LEDGER_UNREACHABLE": Wording(
        503, "未能询问 {source}，{papers} 份单证未知：{said}", "{source} could not be asked, {papers} papers are unknown: {said}",
        "待该部门恢复后再核对", "Verify again once it is back",
    ),
    "LEDGER_UNREADABLE": Wording(
        503, "{source} 关于 {number} 的答复无法读取：{said}", "What {source} answers about {number} cannot be read: {said}",
        "用 yuhub connector try 查看该答复", "Look at the answer with `yuhub connector try`",
    ),
    "LEDGER_LEFT_OUT": Wording(
        503, "{source} 的连接器未加载，{papers} 份单证未知", "The connector of {source} is left out, {papers} papers are unknown",
        "恢复该连接器后再核对", "Bring its connector back and verify again",
    ),
}  # fmt: skip
