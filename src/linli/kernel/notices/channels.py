"""The ways out of the house: text message by a gateway, e-mail, group robots."""

from __future__ import annotations

import logging

import apprise
import httpx
from django.conf import settings
from django.core.mail import EmailMessage

from linli.kernel.access.models import DemoMessage
from linli.kernel.vault.fields import lookups

TIMEOUT_SECONDS = 8.0
log = logging.getLogger(__name__)


class NotSent(Exception):
    """The channel did not take the message; it is worth another try."""


class NoChannel(Exception):
    """There is no such channel here or no address; trying again is of no use."""


def sms(phone: str, text: str, key: str) -> None:
    """Send a text message; `key` lets the gateway know a repetition.

    The gateway gets JSON `{"phone", "text", "id"}` by POST and answers 2xx when it took it. Without a gateway the
    demo shows the text on the page.
    """
    if not phone:
        raise NoChannel("no phone")
    if not settings.SMS_URL:
        if not settings.DEMO:
            raise NoChannel("no gateway (LINLI_SMS_URL)")
        DemoMessage.objects.create(phone_index=lookups("phone", phone)[0], body=text[:200])
        return
    try:
        answer = httpx.post(
            settings.SMS_URL,
            json={"phone": phone, "text": text, "id": key},
            timeout=TIMEOUT_SECONDS,
        )
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise NotSent(type(error).__name__) from error


def email(address: str, title: str, body: str, key: str) -> None:
    """Send an e-mail by the mail server of the settings."""
    if not address:
        raise NoChannel("no address")
    message = EmailMessage(title, body, to=[address], headers={"X-Linli-Notice": key})
    try:
        message.send()
    except OSError as error:  # smtplib's errors are OSErrors too
        raise NotSent(type(error).__name__) from error


def robot(title: str, body: str) -> None:
    """Tell the group robots of WeCom, DingTalk or Feishu (`LINLI_APPRISE`)."""
    if not settings.APPRISE_URLS:
        raise NoChannel("no robot (LINLI_APPRISE)")
    post = apprise.Apprise()
    for url in settings.APPRISE_URLS:
        post.add(url)
    if not post.notify(title=title, body=body):
        raise NotSent("robot")
