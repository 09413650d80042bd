"""How soon after the network's return an answer is recorded again, through the screens of the web app."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from server.storage.postgres import EmbeddedPostgres
from tests.chromium import chromium
from tests.e2e.cable import Cable
from tests.e2e.house import House
from tests.e2e.outage import begin_answer, end_answer, outage, review_of, seconds
from tests.e2e.people import new_page
from tests.services import fresh_database, make_template
from tools.bootstrap import models

OUTAGE_SECONDS = 9


@asynccontextmanager
async def far_house() -> AsyncIterator[tuple[Cable, House]]:
    """A house at the end of a cable, on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name:
        folder, cable = Path(name), Cable()
        postgres = EmbeddedPostgres(folder / "postgres", durable=False)
        await postgres.start()
        try:
            await make_template(postgres)
            (folder / "house").mkdir()
            async with fresh_database(postgres) as url:
                house = House(url, folder / "house", models.folder(), url=cable.url, settings=cable.settings)
                await house.start()
                async with cable.to(house.port):
                    yield cable, house
                await house.stop()
        finally:
            await postgres.stop()


async def back_again(executable: Path, film: Path, browser_is_told: bool) -> float:
    """Seconds from the network's return to the first picture of the next segment."""
    await asyncio.to_thread(models.ensure)
    async with far_house() as (cable, house), chromium(executable, camera=film) as browser:
        page = await new_page(await browser.new_context())
        session_id = await begin_answer(page, house)
        await asyncio.sleep(3)
        _, back_at = await outage(page, cable, OUTAGE_SECONDS, browser_is_told)
        await asyncio.sleep(3)
        await end_answer(page)
        review = await review_of(await new_page(await browser.new_context()), house, session_id)
    return seconds(review["videos"][0]["segments"][1]["started_at"]) - back_at
