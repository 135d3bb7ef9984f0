"""What the desk may send about people: the roll's filters, and the small forms of each step."""

from linli.capabilities.registry.forms.people.lists import (
    DayForm as DayForm,
)
from linli.capabilities.registry.forms.people.lists import (
    ExportForm as ExportForm,
)
from linli.capabilities.registry.forms.people.lists import (
    NarrowForm as NarrowForm,
)
from linli.capabilities.registry.forms.people.lists import (
    SaveFilterForm as SaveFilterForm,
)
from linli.capabilities.registry.forms.people.lists import (
    filters_from as filters_from,
)
from linli.capabilities.registry.forms.people.lists import (
    keys as keys,
)
from linli.capabilities.registry.forms.people.parts import (
    CodeField as CodeField,
)
from linli.capabilities.registry.forms.people.parts import (
    PhoneField as PhoneField,
)
from linli.capabilities.registry.forms.people.parts import (
    ReasonForm as ReasonForm,
)
from linli.capabilities.registry.forms.people.parts import (
    RevealForm as RevealForm,
)
from linli.capabilities.registry.forms.people.parts import (
    StepForm as StepForm,
)
from linli.capabilities.registry.forms.people.parts import (
    coded as coded,
)
from linli.capabilities.registry.forms.people.parts import (
    refuse as refuse,
)
from linli.capabilities.registry.forms.people.steps import (
    VALUES as VALUES,
)
from linli.capabilities.registry.forms.people.steps import (
    AdoptForm as AdoptForm,
)
from linli.capabilities.registry.forms.people.steps import (
    AnswerForm as AnswerForm,
)
from linli.capabilities.registry.forms.people.steps import (
    BirthForm as BirthForm,
)
from linli.capabilities.registry.forms.people.steps import (
    BondForm as BondForm,
)
from linli.capabilities.registry.forms.people.steps import (
    ConsentForm as ConsentForm,
)
from linli.capabilities.registry.forms.people.steps import (
    CorrectForm as CorrectForm,
)
from linli.capabilities.registry.forms.people.steps import (
    DeathForm as DeathForm,
)
from linli.capabilities.registry.forms.people.steps import (
    GuardianForm as GuardianForm,
)
from linli.capabilities.registry.forms.people.steps import (
    GuardianStepForm as GuardianStepForm,
)
from linli.capabilities.registry.forms.people.steps import (
    HeadForm as HeadForm,
)
from linli.capabilities.registry.forms.people.steps import (
    IdentityForm as IdentityForm,
)
from linli.capabilities.registry.forms.people.steps import (
    LinkAtWindowForm as LinkAtWindowForm,
)
from linli.capabilities.registry.forms.people.steps import (
    MarkForm as MarkForm,
)
from linli.capabilities.registry.forms.people.steps import (
    MergeForm as MergeForm,
)
from linli.capabilities.registry.forms.people.steps import (
    MoveOutForm as MoveOutForm,
)
from linli.capabilities.registry.forms.people.steps import (
    OtherForm as OtherForm,
)
from linli.capabilities.registry.forms.people.steps import (
    PlaceForm as PlaceForm,
)
from linli.capabilities.registry.forms.people.steps import (
    RegisterForm as RegisterForm,
)
from linli.capabilities.registry.forms.people.steps import (
    SplitForm as SplitForm,
)
from linli.capabilities.registry.forms.people.steps import (
    UnmarkForm as UnmarkForm,
)
from linli.capabilities.registry.forms.people.steps import (
    ValuesForm as ValuesForm,
)
