"""Every process knows the same: the worker, which opens no page, declares nothing less than the server."""

from __future__ import annotations

import json
import subprocess
import sys

ASK = """
import json
import django
django.setup()
from linli.kernel.acts.verbs import listeners
from linli.kernel.files import exports
from linli.kernel.notices.kinds import declared

def known():
    kinds = [kind.code for kind in declared()]
    return [sorted(listeners()), sorted(exports._exporters), kinds]

before = known()
import linli.site.urls
print(json.dumps([before, known()]))
"""


def test_what_the_pages_bring_is_known_without_them() -> None:
    told = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    alone, with_pages = json.loads(told.stdout.splitlines()[-1])
    assert "matters" in alone[1] and "files.ready" in alone[2]
    for without, known in zip(alone, with_pages, strict=True):
        assert sorted(set(known) - set(without)) == []
