"""The PostgreSQL of this checkout: one server, two roles, no network.

`ensure()` brings it up or adopts the living one; `address(role)` is its URL; `stop()` ends it.
With `DATABASE_URL` (application) and `LINLI_OWNER_URL` (owner) another server is used, which
`prepare(owner_url, app_url)` makes ready. Decisions that are not obvious:

- Only the programs of the wheel are used. Its own starter opens root's folders and trusts everyone.
- Data, programs and socket lie where the server's user can enter: in `.linli/` of the checkout,
  for root in `/var/lib/linli/`, run there as `nobody`.
- A socket in a private folder and a generated password for every role; nothing listens on a port.
"""

from linli.site.cluster.den import ClusterError, state_folder
from linli.site.cluster.door import (
    Cluster,
    Status,
    address,
    ensure,
    parts,
    remove,
    revive,
    status,
    stop,
)
from linli.site.cluster.roles import prepare, weaknesses

__all__ = [
    "Cluster",
    "ClusterError",
    "Status",
    "address",
    "ensure",
    "parts",
    "prepare",
    "remove",
    "revive",
    "state_folder",
    "status",
    "stop",
    "weaknesses",
]
