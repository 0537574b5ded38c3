"""Rules about the folder: what a reader finds in it before anything runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import Rule

FILES = ("__init__.py", "connector.py", "codes.py", "manifest.toml", "README.md", "samples")
LONGEST = 80
"""Lines of a connector.py: it ties the parts together and does nothing itself."""
LEFT_TO_THE_SDK = {
    **dict.fromkeys(("requests", "urllib3", "httpx", "aiohttp", "socket", "http", "ssl"), "lines, time-outs, retries"),
    **dict.fromkeys(("logging", "warnings"), "what is logged, with secrets masked"),
    **dict.fromkeys(("time", "sched", "threading", "asyncio", "multiprocessing"), "clock, waiting and threads"),
    **dict.fromkeys(("hub", "sync", "hub_graphql", "mocks"), "everything but talking"),
}
"""Module that a connector does not import → what the SDK, or the hub above it, does in its stead."""
SECRET_WORDS = re.compile(r"token|secret|password|passphrase|api_?key|private_?key")


def builds(subject: Subject) -> Iterator[str]:
    """The constructor compares the manifest with the code, and raises where they differ."""
    subject.build()
    yield from ()


def has_its_files(subject: Subject) -> Iterator[str]:
    """Whoever knows one connector finds everything in the next one."""
    wanted = [*FILES]
    wanted += ["streams.py"] if subject.manifest.streams else []
    wanted += ["submissions.py"] if subject.manifest.papers else []
    wanted += ["derive.py"] if subject.kind.computations else []
    for name in wanted:
        if not (subject.folder / name).exists():
            yield f"{name} is missing"
    for file in sorted((subject.folder / "papers").glob("*")):
        if file.suffix != ".toml":
            yield f"papers/{file.name} is no kind of paper; each is declared in papers/<kind>.toml"


def says_who_it_is(subject: Subject) -> Iterator[str]:
    """Names in both languages, the protocol, and something to pull or to send."""
    manifest = subject.manifest
    for key, zh, en in [
        ("the connector", manifest.zh, manifest.en),
        *((kind, spec.zh, spec.en) for kind, spec in manifest.papers.items()),
    ]:
        if not zh.strip() or zh.isascii():
            yield f"{key}: zh is not Chinese: {zh!r}"
        if not en.strip() or _has_chinese(en):
            yield f"{key}: en is not English: {en!r}"
    if not (manifest.protocol.strip() and manifest.edition.strip()):
        yield "protocol and edition say which words of which authority are spoken"
    if not (manifest.streams or manifest.papers):
        yield "there is neither a stream nor a submission"
    if bool(manifest.send) != bool(manifest.papers):
        yield "[send] says how often papers go out: it stands where there are submissions, and only there"


def explains_its_settings(subject: Subject) -> Iterator[str]:
    """Each one is explained in the manifest and named in the README; what sounds secret is masked."""
    readme = _read(subject.folder / "README.md")
    if "base_url" not in subject.manifest.settings:
        yield "there is no setting base_url: where is the authority?"
    for name, spec in subject.manifest.settings.items():
        if len(spec.help.split()) < 2:
            yield f"{name}: help explains nothing: {spec.help!r}"
        if SECRET_WORDS.search(name) and not spec.secret:
            yield f"{name}: looks like a secret; write secret = true, so that it is masked"
        if f"`{name}`" not in readme:
            yield f"{name}: README.md does not name it"


def keeps_sensible_times(subject: Subject) -> Iterator[str]:
    """A whole call cannot be shorter than its parts, nor a promise than the interval between two runs."""
    manifest = subject.manifest
    if not manifest.connect_timeout <= manifest.read_timeout <= manifest.total_timeout:
        yield "time-outs: connect ≤ read ≤ total"
    jobs = {**{f"streams.{name}": job for name, job in manifest.streams.items()}}
    for name, job in (jobs | ({"send": manifest.send} if manifest.send else {})).items():
        if job is not None and job.promise < job.every:
            yield f"{name}: promises {job.promise} and runs only every {job.every}"


def is_described(subject: Subject) -> Iterator[str]:
    """The README says what each stream brings and each paper becomes."""
    readme = _read(subject.folder / "README.md")
    if not readme.strip():
        yield "README.md is missing or empty"
        return
    for name in (*subject.manifest.streams, *subject.manifest.papers):
        if f"`{name}`" not in readme:
            yield f"README.md does not name `{name}`"


def leaves_the_rest_to_the_sdk(subject: Subject) -> Iterator[str]:
    """Lines, logs, clocks and threads of a connector's own would escape masking, limits and tests."""
    for file in sorted(subject.folder.rglob("*.py")):
        place = file.relative_to(subject.folder)
        for line, module in _imports(file):
            reason = LEFT_TO_THE_SDK.get(module.partition(".")[0])
            if reason:
                yield f"{place}:{line} imports {module}; {reason} are not a connector's"


def is_small(subject: Subject) -> Iterator[str]:
    """More lines than these do something that belongs into streams.py or submissions.py."""
    lines = len(_read(subject.folder / "connector.py").splitlines())
    if lines > LONGEST:
        yield f"connector.py has {lines} lines, {LONGEST} are enough to tie the parts together"


def _imports(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(_read(file))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def _read(file: Path) -> str:
    return file.read_text("utf-8") if file.is_file() else ""


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


RULES = (
    Rule("builds", "清单与代码一致", "Manifest and code name the same streams and submissions", builds),
    Rule("files", "文件名与其他连接器相同", "Its files are called as everywhere", has_its_files),
    Rule(
        "names", "清单中英文名称齐全", "The manifest says in two languages who it is and what it sends", says_who_it_is
    ),
    Rule(
        "settings",
        "每项配置有说明，密钥标为 secret",
        "Every setting is explained, and secrets are marked",
        explains_its_settings,
    ),
    Rule("times", "超时与承诺合理", "Time-outs and promises can be kept", keeps_sensible_times),
    Rule("readme", "README 说明每个数据流与单证", "The README names every stream and paper", is_described),
    Rule(
        "imports", "网络、日志与时钟交给 SDK", "HTTP, logs and clocks are left to the SDK", leaves_the_rest_to_the_sdk
    ),
    Rule("small", "connector.py 不超过 80 行", "connector.py ties the parts together in 80 lines", is_small),
)
