"""`yuhub demo --story consolidation`: 40 parcels of 12 exporters on one master air waybill, and one that flies next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from rich.console import Console
from stdnum.cn import uscc

from connectors.sdk.codecs import write_json
from connectors.sdk.http import Http
from hub.access import Role, issue_key
from hub.access.acts import Act
from hub.access.at_the_machine import LOCAL
from hub.cli.client import Client
from hub.cli.demo import ENTER, Play
from hub.cli.say import cell, in_words
from hub.cli.show import where_to_ask
from hub.cli.stories import read_stories
from hub.entry.applying import new_account_name
from hub.entry.registration import register

EXPORTERS, PARCELS = 12, 40
BOOKED, LISTED, LEFT, SUMMED, FILED = (
    "airport.waybill", "customs.waybill_list", "customs.departure", "customs.summary", "tax.refund",
)  # fmt: skip
OPEN = "mutation($input: ConsolidationInput!) { openConsolidation(input: $input) { number } }"
JOIN = "mutation($n: String!, $t: [String!]!) { joinConsolidation(number: $n, trades: $t) { number } }"
CLOSE = "mutation($n: String!) { closeConsolidation(number: $n) { state } }"
OPEN_ONES = "{ consolidations(state: open, first: 100) { number kind lines { state } } }"
WHOLE = """query($n: String!) { consolidation(number: $n) {
  state lines { state } documents { kind state version reference } } }"""
STANDING = "{ trades(first: 100) { number documents { kind state reference } } }"


class Together(Play):
    """The same stand-ins and the same hub, with a forwarder and exporters who let it carry for them."""

    def _register(self) -> dict[str, str]:
        firm, now = deepcopy(read_stories()[0].enterprise), self.hub.desk.now()
        firms = [firm | _identity(firm, place) for place in range(EXPORTERS + 1)]
        gathering = {"summaries": "month", "refunds": "month"}
        keys: dict[str, str] = {}
        with self.hub.database.write() as connection:
            ids = [register(connection, one | gathering, now)[0] for one in firms]
            for one, id_ in zip(firms[1:], ids[1:], strict=True):
                keys[one["uscc"]] = issue_key(connection, new_account_name("owner"), Role.ENTERPRISE, [id_], now, LOCAL)
            keys["forwarder"] = issue_key(
                connection, "demo forwarder", Role.ENTERPRISE, ids, now, LOCAL, acts=(Act.CARRY,)
            )
            keys["staff"] = issue_key(connection, "demo operator", Role.OPERATOR, [], now, LOCAL)
        self.holder, self.codes = firms[0]["uscc"], [one["uscc"] for one in firms[1:]]
        return keys

    def to_the_end(self) -> dict[str, Any]:
        """Each step waits for the one before; the report says what each authority took."""
        self._wait(in_words("税则与税率", "tariffs and rates"), self._has_first_data)
        trades = [number for place, code in enumerate(self.codes) for number in self._enters(code, place)]
        first = self._flight(trades, "CA1037 / 1")
        self._say(in_words(f"{len(trades)} 票已加入 {first}", f"{len(trades)} parcels are in {first}"))
        self._until(in_words("海关放行", "customs to release them"), lambda: self._all(trades, "customs.inventory"))
        self._as("forwarder").ask(CLOSE, {"n": first})
        listed = in_words("清单总分单", "the list of parcels")
        self._until(listed, lambda: self._paper(first, LISTED)["state"] == "done")
        held, inventory = self._held(trades)
        self._say(in_words(f"海关布控 {held}", f"customs stops {held}"))
        self._until(in_words("改发总分单", "the list without it"), lambda: self._paper(first, LISTED)["version"] == 2)
        second = self._flight([held], "CA1037 / 2")
        self._at_customs(f"/{inventory}", {})
        self._until(in_words("首班离境", "the first flight to leave"), lambda: self._is_done(first))
        self._as("forwarder").ask(CLOSE, {"n": second})
        self._until(in_words("次班离境", "the next flight to leave"), lambda: self._is_done(second))
        self._close_months("summary", SUMMED)
        self._close_months("refund_batch", FILED)
        return self._report(first, second, len(trades))

    def _enters(self, code: str, place: int) -> list[str]:
        count = PARCELS // EXPORTERS + (place < PARCELS % EXPORTERS)
        typed = [self._trade(f"P{place + 1:02d}-{one + 1}") for one in range(count)]
        answers = self._as(code).ask(ENTER, {"inputs": typed})["enterTrades"]
        return [answer["trade"]["number"] for answer in answers]

    def _trade(self, order: str) -> dict[str, Any]:
        trade = deepcopy(read_stories()[0].trade)
        trade["payment"]["transaction"] = order
        return trade | {"orderNumber": order, "exportInvoice": f"INV-{order}"}

    def _flight(self, trades: list[str], departure: str) -> str:
        sold = read_stories()[0].trade
        typed = {
            "kind": "air_waybill", "mode": sold["mode"], "from": sold["transport"]["from"],
            "to": sold["transport"]["to"], "departure": departure, "consignee": sold["buyer"],
            "enterprise": self.holder,
        }  # fmt: skip
        number: str = self._as("forwarder").ask(OPEN, {"input": typed})["openConsolidation"]["number"]
        self._as("forwarder").ask(JOIN, {"n": number, "t": trades})
        return number

    def _close_months(self, kind: str, paper: str) -> None:
        """The month ends for each exporter, once all its trades are gathered."""
        zh, en = ("汇总申请", "summaries") if kind == "summary" else ("退税申报", "refund filings")
        self._until(in_words(f"{zh}集齐", f"the {en} to gather"), lambda: self._gathered(kind) == PARCELS)
        for code in self.codes:
            for one in self._as(code).ask(OPEN_ONES)["consolidations"]:
                if one["kind"] == kind:
                    self._as(code).ask(CLOSE, {"n": one["number"]})
        self._until(in_words(f"{zh}办结", f"the {en} to end"), lambda: len(self._papers()[paper]) == EXPORTERS)

    def _gathered(self, kind: str) -> int:
        """How many trades are in the open consolidations of a kind."""
        found = self.client.ask(OPEN_ONES)["consolidations"]
        return sum(len(one["lines"]) for one in found if one["kind"] == kind)

    def _held(self, trades: list[str]) -> tuple[str, str]:
        """The trade whose goods an officer stops, and the number of its inventory."""
        held = trades[PARCELS // 2]
        inventory = next(row["reference"] for row in self._documents(held) if row["kind"] == "customs.inventory")
        self._at_customs("", {"invtNo": inventory})
        return held, inventory

    def _at_customs(self, path: str, body: Mapping[str, Any]) -> None:
        customs = Http(self.authorities["customs"])
        customs.post(f"_control/inspections{path}", write_json(body), "application/json")
        customs.close()

    def _as(self, who: str) -> Client:
        return Client(self.client.address, self.keys[who])

    def _whole(self, number: str) -> dict[str, Any]:
        whole: dict[str, Any] = self.client.ask(WHOLE, {"n": number})["consolidation"]
        return whole

    def _paper(self, number: str, kind: str) -> dict[str, Any]:
        nothing = {"state": "", "version": 0, "reference": ""}
        return next((one for one in self._whole(number)["documents"] if one["kind"] == kind), nothing)

    def _is_done(self, number: str) -> bool:
        return bool(self._whole(number)["state"] == "done")

    def _documents(self, number: str) -> list[dict[str, Any]]:
        trades = self.client.ask(STANDING)["trades"]
        return next(one["documents"] for one in trades if one["number"] == number)

    def _all(self, trades: list[str], kind: str, state: str = "done") -> bool:
        found = {one["number"]: one["documents"] for one in self.client.ask(STANDING)["trades"]}
        return all(_stands(found[number], kind, state) for number in trades)

    def _papers(self) -> dict[str, set[str]]:
        """Kind → references of the papers that are done, each once, however many trades share it."""
        found: dict[str, set[str]] = {SUMMED: set(), FILED: set()}
        for trade in self.client.ask(STANDING)["trades"]:
            for one in trade["documents"]:
                if one["state"] == "done" and one["kind"] in found:
                    found[one["kind"]].add(one["reference"])
        return found

    def _until(self, what: str, has_come: Callable[[], bool]) -> None:
        self._wait(what, has_come)
        self._say(f"✓ {what}")

    def _say(self, text: str) -> None:
        if not self.quiet:
            self.screen.print(cell(text))

    def _report(self, first: str, second: str, count: int) -> dict[str, Any]:
        flights = {number: self._whole(number) for number in (first, second)}
        carried = {number: Counter(line["state"] for line in whole["lines"]) for number, whole in flights.items()}
        done = self._papers()
        report: dict[str, Any] = {
            "parcels": count,
            "exporters": EXPORTERS,
            "flights": {
                number: {
                    "masterWaybill": self._paper(number, BOOKED)["reference"],
                    "parcels": carried[number]["loaded"],
                    "listVersions": self._paper(number, LISTED)["version"],
                    "departure": self._paper(number, LEFT)["state"],
                }
                for number in flights
            },
            "summaries": len(done[SUMMED]),
            "refundFilings": len(done[FILED]),
        }
        right = [one["parcels"] for one in report["flights"].values()] == [count - 1, 1]
        return report | {"right": right and report["summaries"] == report["refundFilings"] == EXPORTERS}


def _identity(firm: Mapping[str, Any], place: int) -> dict[str, Any]:
    """A USCC, a name and an account of its own for each."""
    body = f"91411000MA5G{place:05d}"
    bank = {**firm["bank"], "account": f"41050171860898{place:06d}"}
    names = {"nameZh": f"{firm['nameZh']}（{place}）", "nameEn": f"{firm['nameEn']} ({place})"}
    return {"uscc": body + str(uscc.calc_check_digit(body)), "bank": bank, **(names if place else {})}


def _stands(documents: list[dict[str, Any]], kind: str, state: str) -> bool:
    """Whether a paper of a kind stands so; one that is shared with others counts as taken over."""
    return any(one["kind"] == kind and one["state"] == state for one in documents)


def draw(screen: Console, report: Mapping[str, Any], address: str, keys: Mapping[str, str]) -> None:
    """The report in words, and how to go on asking."""
    screen.print(cell(in_words("集拼", "Flown together"), "bold"))
    for number, one in report["flights"].items():
        bill, parcels, version = one["masterWaybill"], one["parcels"], one["listVersions"]
        noun = "parcel" if parcels == 1 else "parcels"
        zh = f"  {number}  主运单 {bill}  {parcels} 票  总分单第 {version} 版"
        screen.print(in_words(zh, f"  {number}  master {bill}  {parcels} {noun}  list version {version}"))
    summaries, filings, firms = report["summaries"], report["refundFilings"], report["exporters"]
    zh = f"  {firms} 家出口商：汇总申请单 {summaries} 份，退税申报 {filings} 批"
    screen.print(in_words(zh, f"  {firms} exporters: {summaries} summaries, {filings} refund filings"))
    screen.print()
    where_to_ask(screen, address, next(iter(keys.values())), keys["staff"], keys["forwarder"])
    asked = f"yuhub consolidation show {next(iter(report['flights']))}"
    screen.print(f"{asked} --hub {address} --key {keys['forwarder']}", soft_wrap=True)
