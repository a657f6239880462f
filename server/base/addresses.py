"""Which addresses Palier goes to: those of the open internet, never those of our own network. Pure."""

import ipaddress

# Beside what the standard library calls private (it knows the registries of its own release only).
# IPv4 (RFC 6890): protocol assignments, 6to4 relays, multicast.
NOT_GLOBAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4")))
# IPv6: nothing but global unicast is handed out (RFC 4291, IANA), and within it these lead
# elsewhere: protocol assignments such as Teredo, documentation, 6to4.
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
NOT_GLOBAL_6 = tuple(map(ipaddress.ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


class Refused(Exception):
    """Palier does not go there."""


def is_global(address: str) -> bool:
    """Whether this is an IP address of the open internet, in its usual spelling and without a zone.

    Of the IPv6 addresses that hold an IPv4 one, only mapped ones (::ffff:0:0/96) are judged by it;
    translated ones (64:ff9b::/96, 64:ff9b:1::/48, 2002::/16) are refused, whatever they hold.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id is not None:
            return False
        if found.ipv4_mapped is None:
            return found.is_global and found in GLOBAL_UNICAST and not any(found in net for net in NOT_GLOBAL_6)
        found = found.ipv4_mapped
    return found.is_global and not any(found in network for network in NOT_GLOBAL)
