"""Which local addresses are offered to browsers."""


def local_addresses(gathered: list[str]) -> list[str]:
    """This machine's addresses; loopback where there is no other, so that Viva can be tried offline.

    aioice leaves loopback out and would then have no candidate at all.
    """
    return gathered or ["127.0.0.1"]
