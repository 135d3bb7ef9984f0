"""What a browser may send about lists, demands, registers and certificates."""

from linli.capabilities.admission.forms.asking import (
    AgreeForm,
    DeliverForm,
    DemandForm,
    FindingForm,
    SettleForm,
)
from linli.capabilities.admission.forms.parts import ExportForm, ReasonForm, StepForm, WordsForm
from linli.capabilities.admission.forms.registers import (
    AnswerForm,
    CertifyForm,
    ClearForm,
    HeldForm,
    PlaceForm,
    RequestForm,
    ScheduleForm,
    StampForm,
    UnplaceForm,
    VerifyForm,
)
from linli.capabilities.admission.forms.wishes import AdmitForm, ListForm, MinuteForm, WishForm
from linli.capabilities.admission.forms.works import (
    BeginForm,
    ConcludeForm,
    FillForm,
    HoursForm,
    PayForm,
    ProposeForm,
    UsageForm,
)

__all__ = [
    "AnswerForm",
    "RequestForm",
    "BeginForm",
    "ConcludeForm",
    "FillForm",
    "HoursForm",
    "PayForm",
    "ProposeForm",
    "UsageForm",
    "AdmitForm",
    "AgreeForm",
    "CertifyForm",
    "ClearForm",
    "DeliverForm",
    "DemandForm",
    "ExportForm",
    "FindingForm",
    "HeldForm",
    "ListForm",
    "MinuteForm",
    "PlaceForm",
    "ReasonForm",
    "ScheduleForm",
    "SettleForm",
    "StampForm",
    "StepForm",
    "UnplaceForm",
    "VerifyForm",
    "WishForm",
    "WordsForm",
]
