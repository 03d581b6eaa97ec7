"""The rules of subscriptions (D4.3 4.4) and of the addresses that are called back; pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from gridlingua.errors import Fault
from gridlingua.services.subscriptions.messages import Subscription, Withdrawal

CLOCKS_DIFFER = timedelta(minutes=1)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_NAT64 = IPv6Network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}


def subscription_faults(subscription: Subscription, has_knowledge_base: bool, hosts: Collection[str]) -> list[Fault]:
    """What is wrong with a subscription; ``hosts`` are those that may be called back although they are not public."""
    if subscription.channel == "network":
        return list(_network_faults(subscription, has_knowledge_base))
    if not subscription.callback:
        said = "the channel REST needs a callback: give the base URL of the REST interface, or choose network"
        return [Fault("/callback", said)]
    return list(callback_faults(subscription.callback, hosts))


def _network_faults(subscription: Subscription, has_knowledge_base: bool) -> Iterator[Fault]:
    if subscription.callback:
        yield Fault("/callback", "the channel network has no callback: leave it out, or choose the channel REST")
    if not has_knowledge_base:
        said = "no knowledge base of yours is registered here: ask the DSO to enter it, or choose the channel REST"
        yield Fault("/channel", said)


def callback_faults(callback: str, hosts: Collection[str]) -> Iterator[Fault]:
    """What is wrong with an address to be called back."""
    parts = address(callback)
    if parts is None:
        said = f"{callback} is no address of http or https with a host, such as https://bems.example.com/dso"
        yield Fault("/callback", said)
        return
    if parts.username is not None or parts.query or parts.fragment or re.search("[?#@]", callback):
        said = "the callback must be without user name, password, query and fragment: a secret never travels in it"
        yield Fault("/callback", said)
    if is_excepted(parts, hosts):
        return
    if parts.scheme != "https":
        yield Fault("/callback", f"{callback} is not https; ask the DSO for an exception for {host_and_port(parts)}")
    if re.fullmatch(r"[0-9.]+", parts.hostname or "") and not is_public(parts.hostname or ""):
        said = f"{parts.hostname} is no public address; ask the DSO for an exception for {host_and_port(parts)}"
        yield Fault("/callback", said)


def address(callback: str) -> SplitResult | None:
    """An address of http or https, in its parts; None when it is none."""
    try:
        parts = urlsplit(callback)
        fine = parts.scheme in _PORTS and _HOST.fullmatch(parts.hostname or "") and parts.port != 0
        (parts.hostname or "").encode("idna")  # empty and overlong labels
    except ValueError:  # a port that is no number, or too large; a name that DNS cannot have
        return None
    return parts if fine else None


def host_and_port(parts: SplitResult) -> str:
    """Which host is called, with its port, such as ``bems.example.org:8443``."""
    return f"{parts.hostname}:{parts.port or _PORTS[parts.scheme]}"


def is_excepted(parts: SplitResult, hosts: Collection[str]) -> bool:
    """Whether the DSO has allowed this host as it is: without TLS, or inside of its own network."""
    return host_and_port(parts) in hosts


def is_public(host: str) -> bool:
    """Whether a numeric address is one of the public internet, whatever it is wrapped in."""
    try:
        found: IPv4Address | IPv6Address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        found = _unwrapped(found)
    is_local = isinstance(found, IPv6Address) and found.is_site_local
    return found.is_global and not (found.is_multicast or found.is_reserved or is_local)


def _unwrapped(found: IPv6Address) -> IPv4Address | IPv6Address:
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    teredo = found.teredo[1] if found.teredo else None
    return found.ipv4_mapped or found.sixtofour or teredo or found


def withdrawal_faults(withdrawal: Withdrawal, now: datetime) -> Iterator[Fault]:
    """What is wrong with a withdrawal."""
    if withdrawal.withdrawn_at.at > now + CLOCKS_DIFFER:
        said = f"{withdrawal.withdrawn_at} has not come yet; a subscription ends at once: withdraw it then"
        yield Fault("/withdrawnAt", said)
    if withdrawal.reason and not withdrawal.reason.strip():
        yield Fault("/reason", "the reason must say something: leave it out where there is none")
