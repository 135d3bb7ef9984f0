"""What a served town is given before a browser walks it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from linli.site import cluster

ROOT = Path(__file__).resolve().parents[1]


def told(database: str, code: str) -> dict[str, str]:
    """Run code against a served database in a process of its own; returns its printed lines of two words as pairs."""
    env = {
        **os.environ,
        "DATABASE_URL": cluster.address("app", database),
        "DJANGO_SETTINGS_MODULE": "linli.site.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(line.split() for line in done.stdout.splitlines() if line.count(" ") == 1)
