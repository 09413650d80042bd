"""Refusals that only a running session can give; the rest come from `server.errors`."""

from server.errors import VivaError


class AlreadyConnected(VivaError):
    """Another tab holds the seat; `take_over` replaces it."""

    status, code, sentence = 409, "already_connected", "This interview is open in another tab."


class ResumeUnknown(VivaError):
    """The resume token names no warm seat."""

    status, code, sentence = 409, "resume_unknown", "That place is gone. Say hello without the token."


class RoomIsFull(VivaError):
    """No seat left."""

    status, code, sentence = 409, "room_full", "No seat is left in this room."


class NotPublishing(VivaError):
    """Recording needs a connected camera."""

    status, code, sentence = 409, "not_publishing", "Connect the camera first."


class NotRecording(VivaError):
    """That recording is not running."""

    status, code, sentence = 409, "not_recording", "That recording has ended."


class UnknownVideo(VivaError):
    """No such recording in this session."""

    status, code, sentence = 404, "unknown_video", "This session has no such recording."


class UnknownParticipant(VivaError):
    """Nobody of that id whom the interviewer sees."""

    status, code, sentence = 404, "unknown_participant", "Nobody of that name is here."


class Removed(VivaError):
    """An interviewer put this person out for good."""

    status, code, sentence = 403, "removed", "An interviewer removed you from this session."


class TooManyNotices(VivaError):
    """A browser notices more than a person can do."""

    status, code, sentence = 429, "rate_limited", "Too many notices. Wait a moment and send it again."
