"""Runs the journey and prints its figures; the exit status is 0 when it came to its end, good or bad."""

import argparse
import sys
import tempfile
from pathlib import Path

from server.accounts.models import Role
from tests.e2e.journey.figures import Journey, lines
from tests.e2e.journey.memory import watched
from tests.e2e.journey.travel import at_the_desk, in_the_room, one_way, taken
from tests.house.browser import SMALL_KBPS, Crowd, chromium
from tests.house.camera import LONG, Film, write_film
from tests.house.server import House
from tests.house.visit import let_in, staff
from tools.bootstrap import browser as browsers
from tools.bootstrap import models

HD_KBPS = 1500


def travel(house: House, crowd: Crowd, film: Film) -> Journey:
    """From the first sign-in to the review."""
    with watched(house) as most:
        live = in_the_room(crowd, house, film)
        answered, seen, dropped = one_way(crowd, house, film)
        page = crowd.enter()
        let_in(page.context, house, staff(Role.REVIEWER))
        in_room = taken(page, house, live.session_id, [number for number, _ in live.shown], live.dropped)
        answer = taken(page, house, answered, seen, dropped)
        found = at_the_desk(page, house, in_room.review)
    assert crowd.problems == []
    return Journey(film, live, in_room, answer, found, most.server_mb, most.worker_mb)


def main() -> int:
    """Start a house and a browser, travel, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.journey", description=__doc__)
    parser.add_argument("--hd", action="store_true", help="a camera of 1280x720 instead of 640x360")
    hd = parser.parse_args().hd
    film = Film(LONG, 1280, 720) if hd else Film(LONG)
    models.ensure()
    with tempfile.TemporaryDirectory(prefix="viva-journey-") as name:
        folder = Path(name)
        camera = write_film(folder / "film.mjpeg", film)
        house = House(folder, Path(models.folder()))
        try:
            house.start()
            with chromium(browsers.ensure(), camera) as browser:
                crowd = Crowd(browser, max_kbps=HD_KBPS if hd else SMALL_KBPS)
                journey = travel(house, crowd, film)
        finally:
            house.stop()
    sys.stdout.write("\n".join(lines(journey.figures())) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
