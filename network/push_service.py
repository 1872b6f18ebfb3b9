"""The browsers' own push services: where a push may go, and nowhere else.

A browser names the address itself, so it is a stranger's word: the server would ask
whatever stands there.
"""

from __future__ import annotations

import re
from datetime import timedelta

import urllib3

from network import vapid

HOSTS = frozenset({"fcm.googleapis.com"})
DOMAINS = (".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")
LONGEST = 1000
# no port, no name before the host, no capitals, nothing beyond ASCII: browsers write
# none of these, and each is a way to be read as another host by somebody else
ADDRESS = re.compile(
    r"https://((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+)/[\w.~:/?=&%+,;-]+",
    re.ASCII,
)
KEPT = timedelta(days=1)  # for a browser that is switched off
HEADERS = {
    "TTL": str(int(KEPT.total_seconds())),
    "Urgency": "normal",
    "Topic": "new",  # a later one takes the place of one that still waits
    "Content-Length": "0",
}
# nothing is followed or tried again: the address that was checked is the one asked
POOL = urllib3.PoolManager(
    num_pools=8, retries=False, timeout=urllib3.Timeout(connect=3, read=5)
)


def is_push_service(endpoint: str) -> bool:
    host = host_of(endpoint)
    return host in HOSTS or host.endswith(DOMAINS)


def host_of(endpoint: str) -> str:
    """ "" where it is no address that a browser writes."""
    found = ADDRESS.fullmatch(endpoint) if len(endpoint) <= LONGEST else None
    return found[1] if found else ""


def knock(endpoint: str) -> int:
    """Sends nothing but the knocking itself; returns the status of the answer.

    Raises urllib3's `HTTPError` where nobody answers, and ValueError for an address
    that is no push service's: asked again here, whatever was asked before.
    """
    if not is_push_service(endpoint):
        raise ValueError("no push service")
    headers = {**HEADERS, "Authorization": vapid.authorization(endpoint)}
    answer = POOL.request(
        "POST", endpoint, headers=headers, redirect=False, preload_content=False
    )
    answer.close()  # what it says beyond the status is not read
    return int(answer.status)
