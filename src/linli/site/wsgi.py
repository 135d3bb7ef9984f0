"""The WSGI application that Granian serves."""

import os
import signal
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
if threading.current_thread() is threading.main_thread():
    # A server process is forked with its parent's handler, which only notes the signal: told while it loads, it would
    # never end. Granian sets its own once everything is loaded.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
_house = get_wsgi_application()

from linli.site.turns import Turns  # noqa: E402 - imports after Django is set up
from linli.site.warm import settle  # noqa: E402

settle()
application = Turns(_house)
