"""Countries: customs' digits held against a second table, the letters of the 报关单, and how people write them."""

from __future__ import annotations

import pycountry
import pytest

from connectors.sdk.countries import BY_CODE, LETTERS, NUMBERS, SPELLINGS, nearest, spelled
from tests.support.together import together

SECOND = """
101 AFG BHR BGD BTN BRN MMR KHM CYP PRK HKG IND IDN IRN IRQ ISR JPN JOR KWT LAO LBN MAC MYS MDV MNG NPL OMN PAK PSE PHL
QAT SAU SGP KOR LKA SYR THA TUR ARE YEM 141 NVM CNY TWN TLS KAZ KGZ TJK TKM UZB 199 YZQ 201 DZA AGO BEN BWA BDI CMR JNL
CPV CAF SBT TCD COM COG DJI EGY GNQ ETH GAB GMB GHA GIN GNB CIV KEN LBR LBY MDG MWI MLI MRT MUS MAR MOZ NAM NER NGA REU
RWA STP SEN SYC SLE SOM ZAF ESH SDN TZA TGO TUN UGA BFA COD ZMB ZWE LSO MLL SWZ ERI MYT 299 OTH 301 BEL DNK GBR DEU FRA
IRL ITA LUX NLD GRC PRT ESP ALB AND AUT BGR 318 FIN 320 CIB HUN ISL LIE MLT MCO NOR POL ROM SMR SWE CHE 334 EST LVA LTU
GEO ARM AZE BLR 343 MDA RUS 347 UKR 349 SEH SVN HRV CZE SVK MKD BIH VAT FRO SRB MNE 399 OEN 401 ATG ARG ABW BHS BRB BLZ
408 BOL BIR BRA CYM CHL COL DMA CRI CUB CUR DOM ECU GUF GRD GLP GTM GUY HTI HND JAM MTQ MEX MTS NIC PAN PRY PER PRI SBA
LCA SMI VCT SLV SUR TTO TCA URY VEN VGB KNA SPM ANT 499 LAN 501 CAN USA GRL BMU 599 NAN 601 AUS COK FJI GAI MKS NRU NCL
VUT NZL NFK PNG SOC SLB TON TUM TUB WSM KIR TUV FSM MHL PLW PYF 625 WLF 699 OON 701 CUN UNA 999 CNP
"""
"""A public table of the same codes with letters of its own; after a number each has the next one."""
LETTERS_OF_ITS_OWN = {"NVM": "VNM", "CNY": "CHN", "CIB": "GIB", "ROM": "ROU", "MTS": "MSR", "CUR": "CUW"}
NOT_OURS = {"349": "SEH", "701": "CUN", "702": "UNA", "999": "CNP"}
"""塞尔维亚和黑山 until 2006, 国别不详, international organisations, neutral packaging."""
OTHERS = {"199", "299", "399", "499", "599", "699"}
PARTS = {
    "207": "ES", "210": "ES", "256": "ES", "409": "BQ", "436": "BQ", "449": "AN", "604": "PF", "605": "PF", "612": "PF",
    "615": "PF", "616": "PF",
}  # fmt: skip


def of_second() -> dict[str, str]:
    table: dict[str, str] = {}
    code = 0
    for word in SECOND.split():
        if word.isdigit():
            code = int(word)
            continue
        table[str(code)] = word
        code += 1
    return table


def test_the_table_is_whole_and_a_second_one_has_the_same_codes() -> None:
    assert len(BY_CODE) == 238
    second = of_second()
    assert second.keys() - BY_CODE.keys() == NOT_OURS.keys()
    assert BY_CODE.keys() <= second.keys()
    for code, country in BY_CODE.items():
        letters = LETTERS_OF_ITS_OWN.get(second[code], second[code])
        if len(country.iso) == 1:
            assert pycountry.countries.get(alpha_2=country.iso[0]).alpha_3 == letters, code


def test_no_row_is_without_an_iso_code_but_others_and_parts_of_a_country() -> None:
    without = {code: country.of for code, country in BY_CODE.items() if not country.iso}
    assert without == PARTS | dict.fromkeys(OTHERS, "")
    assert {code: country.iso for code, country in BY_CODE.items() if len(country.iso) > 1} == {"438": ("MF", "SX")}


def test_every_number_is_of_one_country() -> None:
    assert len(NUMBERS) == 222
    assert all(pycountry.countries.get(alpha_2=iso) for iso in NUMBERS)
    assert sum(len(country.iso) for country in BY_CODE.values()) == len(NUMBERS)


def test_the_letters_are_those_of_iso_3166_but_for_one() -> None:
    assert len(LETTERS) == len(pycountry.countries) - 1
    assert "UM" not in LETTERS
    assert all(pycountry.countries.get(alpha_3=letters).alpha_2 == iso for iso, letters in LETTERS.items())


@together(
    ("iso", "number", "letters", "zh"),
    [
        ("RS", "358", "SRB", "塞尔维亚"), ("GH", "220", "GHA", "加纳"), ("EC", "419", "ECU", "厄瓜多尔"),
        ("PA", "432", "PAN", "巴拿马"), ("CN", "142", "CHN", "中国"), ("HK", "110", "HKG", "中国香港"),
        ("MO", "121", "MAC", "中国澳门"), ("TW", "143", "TWN", "中国台湾"), ("JP", "116", "JPN", "日本"),
        ("US", "502", "USA", "美国"), ("GB", "303", "GBR", "英国"), ("DE", "304", "DEU", "德国"),
        ("AU", "601", "AUS", "澳大利亚"), ("KR", "133", "KOR", "韩国"), ("KP", "109", "PRK", "朝鲜"),
        ("CD", "252", "COD", "民主刚果"), ("CG", "213", "COG", "刚果"), ("DM", "414", "DMA", "多米尼克"),
        ("DO", "418", "DOM", "多米尼加"), ("NE", "235", "NER", "尼日尔"), ("NG", "236", "NGA", "尼日利亚"),
        ("AT", "315", "AUT", "奥地利"), ("SK", "353", "SVK", "斯洛伐克"), ("SI", "350", "SVN", "斯洛文尼亚"),
        ("ME", "359", "MNE", "黑山"), ("MK", "354", "MKD", "北马其顿"), ("KZ", "145", "KAZ", "哈萨克斯坦"),
        ("LU", "308", "LUX", "卢森堡"), ("BY", "340", "BLR", "白俄罗斯"), ("CW", "417", "CUW", "库拉索"),
    ],
)  # fmt: skip
def test_a_country_has_its_number_its_letters_and_its_names(iso: str, number: str, letters: str, zh: str) -> None:
    assert (NUMBERS[iso], LETTERS[iso]) == (number, letters)
    name = pycountry.countries.get(alpha_2=iso).name
    assert {spelled(text) for text in (iso, iso.lower(), letters, zh, name, name.upper())} == {iso}


@together(
    ("written", "iso"),
    [("UK", "GB"), ("USA", "US"), ("u.s.a.", "US"), ("Russia", "RU"), ("South Korea", "KR"), ("阿拉伯联合酋长国", "AE"),
     ("香港", "HK"), ("Viet Nam", "VN"), ("Vietnam", "VN"), ("俄罗斯联邦", "RU"), ("ＵＳ", "US"), (" 德国 ", "DE")],
)  # fmt: skip
def test_what_people_write_is_the_right_country(written: str, iso: str) -> None:
    assert spelled(written) == iso


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("Germnay", ["DE", "GG"]),
        ("USA", ["US"]),
        ("塞尔维亚和黑山", ["RS"]),
        ("Korea", ["KR", "KP"]),
        ("ZZ", []),
        ("欧洲", []),
    ],
)  # fmt: skip
def test_what_is_no_country_is_told_the_nearest(written: str, near: list[str]) -> None:
    assert set(near) <= set(nearest(written))
    assert len(nearest(written)) <= 3
    assert bool(nearest(written)) == bool(near)


def test_no_name_stands_for_two_countries() -> None:
    assert len(SPELLINGS) > 1_000
    assert "korea" not in SPELLINGS
    assert "圣马丁岛" not in SPELLINGS  # of two countries
