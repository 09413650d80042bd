"""What was mailed, read from the folder mails lie in without a mail server."""

import asyncio
import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from server.mail.carriers import FOLDER
from tests.e2e.house import House
from tests.e2e.people import wait_for


def links(folder: Path, address: str, page: str) -> list[str]:
    """The links to a page that were mailed to an address, in no order."""
    found = []
    for file in folder.glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        if body is not None and mail["To"] == address:
            found += re.findall(rf"https?://\S+/{page}[#/]\S+", str(body.get_content()))
    return found


async def mailed_link(house: House, address: str, page: str) -> str:
    """One such link, once it is there."""
    found: list[str] = await wait_for(
        lambda: asyncio.to_thread(links, house.data_dir / FOLDER, address, page)
    )
    return found[0]
