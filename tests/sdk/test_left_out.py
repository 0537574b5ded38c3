"""A connector that cannot be used is left out with one clear reason, and the hub runs with all the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors.sdk.errors import ManifestError
from connectors.sdk.inside.registry import find_connector
from hub.app import Hub, build, load_settings
from tests.support.packages import MANIFEST, SOUND, STREAM, install
from tests.support.world import settings_for


class Packages:
    """Installs packages for one test, as pip would, and builds hubs that find them."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def install(self, code: str, more: str = STREAM, source: str = SOUND) -> None:
        install(self.folder, code, more, source)

    def hub(self, **settings: str) -> Hub:
        return build(settings_for(self.folder / "data", self.url, {}, **settings))

    def reason(self, code: str, **settings: str) -> str:
        """Why it is left out; a sound neighbour and all that the hub brings along run on."""
        self.install("sound")
        with closing(self.hub(**settings)) as hub:
            (error,) = hub.left_out
            assert set(hub.connectors) == {"airport", "customs", "forex", "rail", "sound", "tax"} - {code}
            ready = hub.web().test_client().get("/health/ready").json
            assert ready is not None
            assert ready["leftOut"] == [error.text]
            return error.text


@pytest.fixture
def packages(tmp_path: Path, small_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Packages]:
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Packages(tmp_path, small_url)
    for name in [name for name in sys.modules if name.startswith("trial_")]:
        del sys.modules[name]


KEYLESS = "class Keyless(ExchangeRate):\n    source_id = fields.String()\n\nclass Rates("
NOUNLESS = "class Moon(Record):\n    noun = 'moon'\n\nclass Rates("
BROKEN = {
    "a stream without a key": (
        SOUND.replace("class Rates(", KEYLESS).replace("(ExchangeRate,)", "(Keyless,)"),
        "trial: the stream rates has no key: Keyless.source_id must be there and required",
    ),
    "a stream without a name": (SOUND.replace('name = "rates"', ""), "trial: the stream Rates has no name"),
    "a stream that is asked as in version 1": (
        SOUND.replace("def pages(self, http, ask)", "def pages(self, http, cursor, watched)"),
        "trial: the stream rates is not asked by pages(http, ask)",
    ),
    "a stream without records": (SOUND.replace("(ExchangeRate,)", "()"), "trial: the stream rates names no records"),
    "a noun that the hub has not got": (
        SOUND.replace("class Rates(", NOUNLESS).replace("(ExchangeRate,)", "(Moon,)"),
        "trial: the stream rates emits Moon, whose noun is none of document_event",
    ),
    "two streams of one name": (SOUND.replace("(Rates(),)", "(Rates(), Rates())"), "trial: rates stands twice"),
    "a stream that the manifest does not know": (
        SOUND.replace('"rates"', '"parity"'),
        "trial: streams in manifest.toml and in the code differ: parity, rates",
    ),
    "an accident at the start": (
        SOUND.replace("return (Rates(),)", "raise RuntimeError('no licence for ' + self.settings['key'])"),
        "trial cannot be started: RuntimeError: no licence for •••",
    ),
    "an end of the program at the start": (
        SOUND.replace("return (Rates(),)", "raise SystemExit('no licence for ' + self.settings['key'])"),
        "trial cannot be started: SystemExit: no licence for •••",
    ),
    "a class that is not finished": (
        SOUND.replace("def read", "def listen"),
        "trial cannot be started: TypeError: Can't instantiate abstract class Rates",
    ),
}


@pytest.mark.parametrize(("source", "why"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_in_the_code_is_said_and_the_others_run(packages: Packages, source: str, why: str) -> None:
    packages.install("trial", source=source)
    assert packages.reason("trial", YUHUB_TRIAL_KEY="4711").startswith(why)


def test_one_that_ends_the_program_as_it_is_imported_ends_itself_alone(packages: Packages) -> None:
    packages.install("trial", source=f"{SOUND}\nraise SystemExit('no licence')\n")
    assert packages.reason("trial") == "trial_trial:Trial cannot be imported: SystemExit: no licence"


WRONG_VALUES = {
    "YUHUB_TRIAL_ROWS": ("many", "trial.rows: 'many' is not a whole number"),
    "YUHUB_TRIAL_KEY": ("sesame", "trial.key: ••• is not a whole number"),
    "YUHUB_TRIAL_BASE_URL": (
        "ftp://tax.example",
        "trial.base_url: 'ftp://tax.example' is not an address such as https",
    ),
    "YUHUB_RAIL_BASE_URL": ("rail.example", "rail.base_url: 'rail.example' is not an address such as https"),
    "YUHUB_FOREX_BASE_URL": ("https://me:sesame@bank.example", "forex.base_url: "),
}


@pytest.mark.parametrize(("variable", "value", "why"), [(name, *rest) for name, rest in WRONG_VALUES.items()])
def test_a_setting_of_the_wrong_type_leaves_out_its_connector_alone_and_names_the_variable(
    packages: Packages, variable: str, value: str, why: str
) -> None:
    code = variable.split("_")[1].lower()
    if code == "trial":
        packages.install(code)
    told = packages.reason(code, **{variable: value})
    assert told.startswith(why)
    assert told.endswith(f"mend it there or as {variable}")
    assert "sesame" not in told


def test_a_default_of_the_wrong_type_is_told_with_the_rest_of_the_manifest(packages: Packages) -> None:
    packages.install("trial", STREAM + '\n[settings.pages]\nhelp = "Pages"\nkind = "number"\ndefault = "all"\n')
    assert "settings.pages.default: 'all' is not a whole number" in packages.reason("trial")


PLANS = {
    "a circle": ("airport.waybill", "accepted:customs.departure", "wait for each other"),
    "a paper that nobody knows": ("airport.waybill", "accepted:moon.permit", "accepted:moon.permit"),
    "a milestone that is none": ("airport.waybill", "launched", "unknown milestone 'launched'"),
}


@pytest.mark.parametrize(("kind", "after", "why"), PLANS.values(), ids=PLANS)
def test_a_plan_row_that_cannot_be_leaves_out_its_connector_alone(
    packages: Packages, kind: str, after: str, why: str
) -> None:
    packages.install("trial", STREAM + f'\n[[plan]]\nkind = "{kind}"\nmodes = ["9610"]\nafter = ["{after}"]\n')
    assert why in packages.reason("trial")


@pytest.mark.parametrize("named", [True, False], ids=["by name", "by code"])
def test_nobody_pushes_out_what_comes_with_the_hub(packages: Packages, named: bool) -> None:
    packages.install("customs" if named else "aaa")
    if not named:
        manifest = packages.folder / "trial_aaa" / "manifest.toml"
        manifest.write_text(MANIFEST.format(code="customs") + STREAM, "utf-8")
    with closing(packages.hub()) as hub:
        assert type(hub.connectors["customs"]).__module__.startswith("connectors.customs")
        (error,) = hub.left_out
    code = "customs" if named else "aaa"
    assert f"the name 'customs' of trial-{code} 1.0 (trial_{code}:Trial) is that of yuhub" in error.text
    assert "connectors.customs" in error.text
    assert "trial_customs" not in sys.modules  # what has a taken name is not even run


def test_of_two_packages_with_one_code_neither_wins_and_their_settings_stop_nothing(
    packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages.install("rival")
    (packages.folder / "trial_rival" / "manifest.toml").write_text(MANIFEST.format(code="sound") + STREAM, "utf-8")
    packages.install("sound")
    monkeypatch.setenv("YUHUB_SOUND_KEY", "4711")
    load_settings()
    with closing(packages.hub()) as hub:
        assert "sound" not in hub.connectors
        for error, code in zip(hub.left_out, ("rival", "sound"), strict=True):
            assert error.text.startswith(f"trial_{code}:Trial: the name 'sound' is taken by ")
            assert "trial-rival 1.0 (trial_rival:Trial) and by trial-sound 1.0 (trial_sound:Trial)" in error.text
    with pytest.raises(ManifestError, match="none of them is used"):
        find_connector("sound")


CLAIMS = {
    "a variable of the hub": (
        "database",
        '\n[settings.url]\nhelp = "U"\n',
        "YUHUB_DATABASE_URL would be its setting, and is that of the hub",
    ),
    "a variable of another": (
        "customs_base",
        '\n[settings.url]\nhelp = "U"\n',
        "YUHUB_CUSTOMS_BASE_URL would be its setting, and is that of customs",
    ),
    "a stream that is called like the job that sends": (
        "trial",
        '\n[streams.send]\nevery = "1h"\npromise = "1d"\n',
        "send is the hub's own name for what goes out",
    ),
}


@pytest.mark.parametrize(("code", "more", "why"), CLAIMS.values(), ids=CLAIMS)
def test_who_claims_what_the_hub_has_is_left_out(packages: Packages, code: str, more: str, why: str) -> None:
    packages.install(code, STREAM + more)
    assert why in packages.reason(code)


def test_of_two_that_claim_one_variable_neither_is_used(packages: Packages) -> None:
    packages.install("cow", STREAM + '\n[settings.milk_key]\nhelp = "K"\n')
    packages.install("cow_milk")
    with closing(packages.hub()) as hub:
        assert not {"cow", "cow_milk"} & set(hub.connectors)
        told = [error.text for error in hub.left_out]
    assert [text.partition(":")[0] for text in told] == ["cow", "cow_milk"]
    assert all("YUHUB_COW_MILK_KEY is claimed by cow and by cow_milk" in text for text in told)


def test_a_connector_made_for_another_sdk_is_told_which_one_this_is(packages: Packages) -> None:
    packages.install("trial")
    manifest = packages.folder / "trial_trial" / "manifest.toml"
    manifest.write_text(manifest.read_text("utf-8").replace('sdk = "2"', 'sdk = "7"'), "utf-8")
    told = packages.reason("trial")
    assert "sdk: 7 is not the SDK of this hub, which is 2; see docs/connector-sdk-versions.md" in told
    assert str(manifest) in told


def test_a_paper_whose_file_is_wrong_leaves_out_its_connector_with_the_file_named(packages: Packages) -> None:
    packages.install("trial")
    papers = packages.folder / "trial_trial" / "papers"
    papers.mkdir()
    (papers / "permit.toml").write_text('zh = "许可"\nen = "Permit"\nnormal = "1d"\n[head]\nnumber = "text"\n', "utf-8")
    told = packages.reason("trial")
    assert f"{papers / 'permit.toml'}: head.number: write " in told


PERMIT = 'zh = "许可"\nen = "Permit"\nnormal = "1d"\n{}\n[head]\nnumber = "text <- trade:number"\n'
HEADS = {
    "the role of another": ('role = "refund"', "the role refund is claimed by tax.refund and by trial.permit"),
    "a leg of another": (
        'role = "transport"\nby = "air"', "the role transport by air is claimed by airport.waybill and by trial.permit",
    ),
    "a leg that nobody ends": ('role = "transport"\nby = "ship"', "waits for departed, which no paper of 0110 where"),
    "a role that no plan asks for": ('role = "refunds"', "role: no plan asks for refunds; near to it: refund"),
    "a paper that nobody knows": (
        'recall_until = ["customs.invntory"]', "recall_until: nobody declares customs.invntory; near to it: customs.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("head", "why"), HEADS.values(), ids=HEADS)
def test_a_paper_that_spoils_the_plan_of_the_hub_leaves_out_its_connector_alone(
    packages: Packages, head: str, why: str
) -> None:
    packages.install("trial")
    papers = packages.folder / "trial_trial" / "papers"
    papers.mkdir()
    (papers / "permit.toml").write_text(PERMIT.format(head), "utf-8")
    assert why in packages.reason("trial")
