"""Videos: playing them, choosing a take, a reviewer's note."""

from uuid import UUID

from aiohttp import web

from server.accounts.access import PROVIDERS
from server.accounts.identity import SignedIn
from server.accounts.service import audit
from server.errors import (
    FileMissing,
    NotAllowed,
    RangeNotSatisfiable,
    SessionEnded,
    VideoNotFound,
    VideoNotReady,
)
from server.recordings import reading, service
from server.recordings.models import VideoContainer
from server.recordings.schemas import ChangeVideo, Video
from server.storage.db import UnitOfWork
from server.web.files import StoredFile
from server.web.guards import client_address
from server.web.routing import Routes

routes = Routes("videos", PROVIDERS)

CONTENT_TYPES = {VideoContainer.WEBM: "video/webm", VideoContainer.MATROSKA: "video/x-matroska"}


@routes.get(
    "/videos/{video_id}/file",
    refusals=[VideoNotFound, VideoNotReady, FileMissing, RangeNotSatisfiable],
    media_type="video/*",
)
async def get_video_file(_request: web.Request, who: SignedIn, uow: UnitOfWork, video_id: UUID) -> StoredFile:
    """The recording itself; answers Range requests with 206."""
    video, _ = await reading.visible_video(uow, video_id, who)
    if video.storage_key is None or video.container is None:
        raise VideoNotReady
    return StoredFile(video.storage_key, CONTENT_TYPES[video.container], etag=video.sha256)


@routes.get(
    "/videos/{video_id}/thumbnail",
    refusals=[VideoNotFound, FileMissing, RangeNotSatisfiable],
    media_type="image/jpeg",
)
async def get_video_thumbnail(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, video_id: UUID
) -> StoredFile:
    """A still picture of the recording."""
    video, _ = await reading.visible_video(uow, video_id, who)
    if video.thumbnail_key is None:
        raise FileMissing
    return StoredFile(video.thumbnail_key, "image/jpeg")


@routes.post("/videos/{video_id}/select", refusals=[VideoNotFound, NotAllowed, SessionEnded, VideoNotReady])
async def select_video(_request: web.Request, who: SignedIn, uow: UnitOfWork, video_id: UUID) -> Video:
    """Choose this take as the answer; the candidate may until the session ends."""
    _, granted = await reading.visible_video(uow, video_id, who)
    if not granted.is_candidate:
        raise NotAllowed
    await uow.act_for(granted.session.organisation_id)
    return Video.of(await service.select_take(uow, video_id), for_candidate=True)


@routes.patch("/videos/{video_id}", refusals=[VideoNotFound, NotAllowed])
async def change_video(
    request: web.Request, who: SignedIn, uow: UnitOfWork, video_id: UUID, body: ChangeVideo
) -> Video:
    """Note something about the whole video."""
    video, granted = await reading.visible_video(uow, video_id, who)
    if granted.is_candidate:
        raise NotAllowed
    if "feedback" in body.model_fields_set:
        before = {"feedback": video.feedback}
        video = await service.set_feedback(uow, video_id, body.feedback)
        audit(
            uow,
            action="video.feedback",
            entity=("video", video_id),
            organisation_id=video.organisation_id,
            actor_id=who.id,
            before=before,
            after={"feedback": video.feedback},
            address=client_address(request),
        )
    return Video.of(video)
