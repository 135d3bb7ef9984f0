"""A small flow like a city's, for the tests."""

from datetime import datetime
from typing import Any

from linli.kernel.calendar import SHANGHAI
from linli.kernel.flow import Flow, Position, begin, step

RESIDENT, CLERK, WORKER, STREET, SECOND = 10, 20, 30, 40, 21
RAW: dict[str, Any] = {
    "states": {
        "reported": {"title": "待受理", "public_title": "已收到", "owner": "clerk"},
        "accepted": {"title": "已受理", "owner": "clerk"},
        "assigned": {"title": "待处置", "owner": "worker"},
        "handling": {"title": "处置中", "owner": "worker"},
        "waiting": {"title": "等居民补充", "clock": "paused", "owner": "resident"},
        "handled": {"title": "待核实", "owner": "clerk"},
        "closed": {"title": "已办结", "terminal": True},
        "refused": {"title": "不予受理", "terminal": True},
    },
    "actions": {
        "report": {"title": "上报", "from": "@new", "to": "reported", "roles": "resident"},
        "accept": {
            "title": "受理",
            "from": "reported",
            "to": "accepted",
            "roles": "clerk",
            "takes": True,
        },
        "refuse": {
            "title": "不予受理",
            "from": "reported",
            "to": "refused",
            "roles": "clerk",
            "needs": ["reason"],
        },
        "assign": {
            "title": "交办",
            "from": ["accepted", "handled"],
            "to": "assigned",
            "roles": "clerk",
            "hands_over": True,
        },
        "start": {
            "title": "接单",
            "from": "assigned",
            "to": "handling",
            "roles": "worker",
            "takes": True,
        },
        "send_back": {
            "title": "退回",
            "from": ["assigned", "handling"],
            "to": "@sender",
            "roles": "worker",
            "needs": ["reason"],
            "kind": "return",
        },
        "ask": {"title": "请居民补充", "from": "handling", "to": "waiting", "roles": "worker"},
        "answer": {"title": "补充", "from": "waiting", "to": "handling", "roles": "resident"},
        "prolong": {
            "title": "准予延期",
            "from": "handling",
            "to": "@same",
            "roles": "street",
            "kind": "extend",
            "extends": "promise",
            "needs": ["reason"],
            "up_to": "10WD",
            "limit": 1,
        },
        "hold": {
            "title": "停表",
            "from": "handling",
            "to": "@same",
            "roles": "worker",
            "pauses": True,
        },
        "go_on": {
            "title": "恢复计时",
            "from": "handling",
            "to": "@same",
            "roles": "worker",
            "resumes": True,
        },
        "handle": {
            "title": "办理",
            "from": "handling",
            "to": "handled",
            "roles": "@holder",
            "needs": ["outcome", "evidence"],
        },
        "rework": {
            "title": "返工",
            "from": "handled",
            "to": "handling",
            "roles": "clerk",
            "needs": ["reason"],
            "new_round": True,
        },
        "close": {
            "title": "核实结案",
            "from": "handled",
            "to": "closed",
            "roles": ["clerk", "worker"],
            "distinct_from": "handle",
        },
        "reopen": {
            "title": "重办",
            "from": "closed",
            "to": "handling",
            "roles": "resident",
            "new_round": True,
        },
        "urge": {"title": "催办", "from": "*", "to": "@same", "roles": "resident", "public": True},
        "raise": {
            "title": "上报街道",
            "from": ["assigned", "handling"],
            "to": "assigned",
            "roles": ["worker", "system"],
            "kind": "escalate",
            "hands_over": True,
        },
    },
    "stages": {
        "sign": {"title": "签收", "starts_on": "report", "met_by": "accept", "term": "4WH"},
        "promise": {
            "title": "承诺时限",
            "starts_on": ["report", "reopen"],
            "met_by": "handle",
            "undone_by": "rework",
            "term": "5WD",
            "warn": {"yellow": 0.6, "red": 0.8},
        },
        "hotline": {
            "title": "热线时限",
            "starts_on": "report",
            "met_by": "close",
            "pausable": False,
        },
    },
    "escalations": [
        {"stage": "promise", "after_share": 1.0, "action": "raise", "states": "handling"},
        {"idle": "1WD", "action": "raise", "states": "assigned"},
    ],
}
FLOW = Flow.model_validate(RAW)
GOOD = {"reason": "缺材料", "outcome": "已修复", "evidence": [1], "term": "5WD"}
WHO = {
    "report": RESIDENT,
    "answer": RESIDENT,
    "urge": RESIDENT,
    "reopen": RESIDENT,
    "start": WORKER,
    "send_back": WORKER,
    "ask": WORKER,
    "hold": WORKER,
    "go_on": WORKER,
    "handle": WORKER,
    "raise": WORKER,
    "prolong": STREET,
}


def at(text: str) -> datetime:
    """A moment of March 2025, "03 09:00" (the third is a Monday)."""
    return datetime.fromisoformat(f"2025-03-{text}").replace(tzinfo=SHANGHAI)


def walk(*steps: tuple[str, str]) -> Position:
    """The position after (verb, moment) steps by the usual cast."""
    (first, when), *rest = steps
    position = begin(FLOW, first, at(when), WHO[first])
    for verb, moment in rest:
        position = step(FLOW, position, verb, at(moment), WHO.get(verb, CLERK), GOOD)
    return position


ASSIGNED = (("report", "03 09:00"), ("accept", "03 10:00"), ("assign", "03 11:00"))
HANDLING = (*ASSIGNED, ("start", "03 14:00"))
HANDLED = (*HANDLING, ("handle", "04 10:00"))
