"""Phone numbers as residents type them (pure)."""

import re

from . import normal
from .words import N_

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-8]\d{6,7}")
_ALLOWED = re.compile(r"[0-9+()\-\s.]*")

MESSAGES = {
    "empty": N_("请填写手机号。"),
    "characters": N_("号码里有不是数字的字，请只填数字。"),
    "length": N_("手机号应为 11 位，请核对是否多填或少填。"),
    "mobile": N_("这个号码不像手机号，请核对。手机号以 13 到 19 开头。"),
    "phone": N_("这个号码不像电话号码，请核对。固定电话请带区号。"),
}


class PhoneError(ValueError):
    """A phone number cannot be right; `code` names why and the text says it to the user."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code])
        self.code = code


def mobile(value: str) -> str:
    """Return the 11 digits of a mainland mobile number; PhoneError in the user's words."""
    digits = _digits(value)
    if len(digits) != 11:
        raise PhoneError("length")
    if not _MOBILE.fullmatch(digits):
        raise PhoneError("mobile")
    return digits


def any_phone(value: str) -> str:
    """Return the digits of a mobile or landline number (landline with area code)."""
    digits = _digits(value)
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    raise PhoneError("phone")


def _digits(value: str) -> str:
    plain = normal.normalise("text", value)
    if not plain:
        raise PhoneError("empty")
    if not _ALLOWED.fullmatch(plain):
        raise PhoneError("characters")
    return normal.phone(plain)
