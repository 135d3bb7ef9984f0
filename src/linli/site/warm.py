"""Before the first request: load what every page needs, then let the collector leave it alone.

Packs, areas and templates are some 300,000 objects that never go away. Each full collection walked them all, 0.3 s in
which every thread of the process stood still; set aside once, it walks only what requests leave behind.
"""

from __future__ import annotations

import gc
import logging
import sys
from contextlib import suppress

from django.db import DatabaseError, connections
from django.template import engines
from django.urls import reverse

from linli.kernel import policy
from linli.kernel.access import offices
from linli.kernel.calendar import selectors as calendar
from linli.kernel.places import selectors as places

# New objects before a young collection, young ones before a middle one, middle ones before a full one.
THRESHOLDS = (10_000, 20, 20)
# Seconds a thread may run on while another waits for Python's lock, should a slow request run beside a quick one.
TURN = 0.0005
log = logging.getLogger(__name__)


def warm() -> None:
    """Load templates, addresses, the pack in force, areas, offices and the calendar; a bare database is no fault."""
    environment = engines.all()[0].env  # type: ignore[attr-defined]
    for name in environment.list_templates():
        environment.get_template(name)
    reverse("home")
    try:
        for shape in policy.sections().values():
            with suppress(policy.NoSuchSection):
                policy.current().section(shape)
        places.tree()
        offices.generation()
        calendar.calendar()
        calendar.office()
    except (DatabaseError, policy.NoPolicy) as missing:
        log.warning("not warmed by data: %s", missing)
    finally:
        connections.close_all()


def settle() -> None:
    """Warm up, then set everything loaded so far aside for good; threads take short turns."""
    warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    sys.setswitchinterval(TURN)
