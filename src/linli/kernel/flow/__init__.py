"""Flow 流程: states 状态, actions 办理动作, stages 时限阶段 as data that packs carry, and the few functions that run them. Pure.

A case keeps a `Position`; `may` says whether somebody may act and why not, `step` gives the next position, `stages`
the clocks, `escalations` what idleness brings about, `diagram` the picture. Escalation and return are ordinary actions.
The one who takes a case holds it until a successor takes it 首问负责. Nothing here reads the clock or a table.
"""

from linli.kernel.flow.check import Problem, check
from linli.kernel.flow.clocks import StageClock, StageDue, dues, escalations, stages
from linli.kernel.flow.diagram import Diagram, Edge, Node, diagram
from linli.kernel.flow.position import Done, Pause, Position, Sender, StageRun, dump, load
from linli.kernel.flow.shape import (
    ANY,
    NEW,
    SAME,
    SENDER,
    Action,
    Escalation,
    Flow,
    Shares,
    Stage,
    State,
)
from linli.kernel.flow.steps import (
    Allowed,
    NotAllowed,
    Refused,
    actions_from,
    begin,
    may,
    step,
)

__all__ = [
    "ANY",
    "NEW",
    "SAME",
    "SENDER",
    "Action",
    "Allowed",
    "Diagram",
    "Done",
    "Edge",
    "Escalation",
    "Flow",
    "Node",
    "NotAllowed",
    "Pause",
    "Position",
    "Problem",
    "Refused",
    "Sender",
    "Shares",
    "Stage",
    "StageClock",
    "StageDue",
    "StageRun",
    "State",
    "actions_from",
    "begin",
    "check",
    "diagram",
    "dump",
    "dues",
    "escalations",
    "load",
    "may",
    "stages",
    "step",
]
