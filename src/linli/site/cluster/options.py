"""The server's settings, written anew at every start so that an upgrade brings its own."""

from __future__ import annotations

import os
from pathlib import Path

from linli.site.cluster.binaries import Binaries
from linli.site.cluster.den import PORT

MIB = 1024 * 1024


STEADY: dict[str, str | int] = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": 200,
    "work_mem": "16MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "min_wal_size": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # Statements carry what people typed: they never go to a log. Slow ones are found,
    # without their values, in pg_stat_statements.
    "log_min_error_statement": "panic",
    "log_parameter_max_length": 0,
    "log_parameter_max_length_on_error": 0,
    "log_error_verbosity": "terse",
    "logging_collector": "on",
    "log_filename": "linli-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
}


def configuration(socket: Path, programs: Binaries) -> str:
    """The text of postgresql.conf for this machine: durable, local, sized to its memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    options = STEADY | {
        "unix_socket_directories": str(socket),
        "shared_buffers": f"{max(32, min(2048, memory // 8))}MB",
        "effective_cache_size": f"{max(128, memory // 2)}MB",
        "maintenance_work_mem": f"{max(64, min(256, memory // 32))}MB",
    }
    if programs.has_library("pg_stat_statements"):
        options["shared_preload_libraries"] = "pg_stat_statements"
        options["pg_stat_statements.max"] = 2000
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in options.items())


def _quoted(value: str | int) -> str:
    return "'" + str(value).replace("'", "''") + "'"
