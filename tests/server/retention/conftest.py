"""A keeper that looks around when it is told to."""

import pytest

from server.retention.keeper import Keeper
from server.retention.routes import KEEPER
from tests.server.world import World


@pytest.fixture
async def keeper(world: World) -> Keeper:
    """The server's own; it does nothing by itself any more."""
    keeper = world.app[KEEPER]
    await keeper.close()
    return keeper
