"""What happens to a document and how long it takes: return codes of the 202205 edition in their order, as a table.

Seconds are those of an authority at pace 1. `gate` marks the step at which customs looks into the matter and may
return the document (100) instead. `one_in` marks a step that only a document drawn for it goes through.
"""

from __future__ import annotations

from dataclasses import dataclass

DRAFT, DECLARING, SENT, REJECTED, STORED = "1", "2", "3", "100", "120"
REVIEW, CONCLUDED, INSPECTION, RELEASED, CLOSED = "300", "399", "500", "800", "899"


@dataclass(frozen=True, slots=True)
class Step:
    """A status and the seconds, least and most, from the step before to this one."""

    status: str
    least: float
    most: float
    gate: bool = False
    one_in: int = 1


Script = tuple[Step, ...]

EPORT_SECONDS = 2.0
SAVED: Script = (Step(DRAFT, EPORT_SECONDS, EPORT_SECONDS),)
DECLARED: Script = (Step(DECLARING, EPORT_SECONDS, EPORT_SECONDS), Step(SENT, 1, 3))
STORING: Script = (*DECLARED, Step(STORED, 20, 60))
CONCLUDING: Script = (*DECLARED, Step(CONCLUDED, 20, 60))
STORING_AFTER_A_LOOK: Script = (*DECLARED, Step(STORED, 20, 60, gate=True))
CONCLUDING_AFTER_A_LOOK: Script = (*DECLARED, Step(CONCLUDED, 20, 60, gate=True))
CLEARANCE: Script = (
    Step(CONCLUDED, 300, 900),
    Step(RELEASED, 20, 60),
    Step(CLOSED, 600, 1200),
)

SCRIPTS: dict[str, Script] = {
    "CEB303": STORING,
    "CEB403": STORING,
    "CEB505": CONCLUDING,
    "CEB507": CONCLUDING,
    "CEB509": CONCLUDING_AFTER_A_LOOK,
    "CEB603": (
        *STORING_AFTER_A_LOOK,
        Step(REVIEW, 20, 60, one_in=8),
        Step(INSPECTION, 60, 180, one_in=12),
        *CLEARANCE,
    ),
    "CEB605": CONCLUDING_AFTER_A_LOOK,
    "CEB607": STORING_AFTER_A_LOOK,
    "CEB701": CONCLUDING_AFTER_A_LOOK,
    "CEB311": STORING,
    "CEB411": STORING,
    "CEB511": STORING,
    "CEB621": (*STORING, *CLEARANCE),
}
DELETION: dict[str, Script] = {kind: (*DECLARED, Step(script[2].status, 20, 60)) for kind, script in SCRIPTS.items()}

# A declaration (报关单) goes by words, not by codes.
RECEIVED, ACCEPTED, INSPECTED, RETURNED, CANCELLED = "received", "accepted", "inspected", "returned", "cancelled"
LET_GO, ENDED = "released", "closed"

DECLARATION: Script = (
    Step(RECEIVED, 0, 0),
    Step(ACCEPTED, 300, 300, gate=True),
    Step(INSPECTED, 1200, 1200, one_in=10),
    Step(LET_GO, 900, 2400),
    Step(ENDED, 7200, 7200),
)
CANCELLATION = Step(CANCELLED, 300, 900)
DECLARATION_TEXTS: dict[str, str] = {
    RECEIVED: "海关入库",
    ACCEPTED: "接受申报",
    INSPECTED: "布控查验",
    LET_GO: "放行",
    ENDED: "结关",
    RETURNED: "退单",
    CANCELLED: "撤销申报",
}

# The results of a summary: seconds after the step before, and the declaration's state that is told.
SUMMARY_RESULTS: tuple[tuple[float, float, str], ...] = ((60, 120, "A"), (300, 600, "R"))

STATUS_TEXTS: dict[str, str] = {
    DRAFT: "暂存",
    DECLARING: "{act}申报成功[{guid}]",
    SENT: "发送海关成功",
    STORED: "海关入库",
    REVIEW: "[Code:300;Desc:人工审核]",
    INSPECTION: "[Code:500;Desc:查验]",
    CONCLUDED: "海关审结",
    RELEASED: "[Code:2600;Desc:放行]",
    CLOSED: "结关",
}
ACTS: dict[str, str] = {"1": "新增", "2": "变更", "3": "删除"}

# How often the queue misbehaves as real ones do.
TWICE_ONE_IN = 3
TWICE_AGAIN_LATER_ONE_IN = 2
AGAIN_AFTER_SECONDS = 120.0
RELEASE_BEFORE_CONCLUSION_ONE_IN = 4
GROUPED_WITHIN_SECONDS = 5.0
RESULT_TWICE_ONE_IN = 4
RELEASE_AFTER_CLOSING_ONE_IN = 6
