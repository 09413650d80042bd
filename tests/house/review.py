"""The review of a finished session: its rows, its files, and the desk on the screen."""

from typing import Any

import cv2
import numpy as np
from playwright.sync_api import Locator, Page

from tests.house.camera import read_number
from tests.house.people import by_id, wait_for
from tests.house.server import House
from tests.house.visit import ask, fetch

PRE_ROLL_SECONDS = 3.0
FINISHED = {"ready", "recovered", "failed"}


def finished_review(page: Page, house: House, session_id: str, videos: int) -> dict[str, Any]:
    """The review once so many videos are there and finished, well or badly."""

    def finished() -> dict[str, Any] | None:
        review: dict[str, Any] = ask(page.context, house, f"/sessions/{session_id}/review")
        states = [video["status"] for video in review["videos"]]
        return review if len(states) >= videos and FINISHED.issuperset(states) else None

    return wait_for(page, finished, f"{videos} finished recordings")


def snapshot_number(page: Page, house: House, event: dict[str, Any]) -> int | None:
    """The number of the film's frame in an incident's snapshot."""
    content = np.frombuffer(fetch(page, house, event["snapshot_url"]), np.uint8)
    picture = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE)
    return None if picture is None else read_number(np.asarray(picture, np.uint8))


def marker(page: Page, event: dict[str, Any]) -> Locator:
    """An incident on the timeline."""
    return page.locator(f"[data-testid=incident-marker][data-event-id='{event['id']}']")


def row(page: Page, event: dict[str, Any]) -> Locator:
    """An incident in the list."""
    return page.locator(f"[data-testid=incident-row][data-event-id='{event['id']}']")


def seek_to(page: Page, event: dict[str, Any]) -> tuple[float, int | None]:
    """Click an incident; the first frame the player then shows: its time in the file (s) and its number."""
    player = by_id(page, "player")
    player.evaluate("(video) => viva.awaitSeek(video)")
    marker(page, event).click()
    at, number = wait_for(page, lambda: page.evaluate("viva.sought"), "the player after its seek")
    return float(at), number
