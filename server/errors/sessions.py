"""Refusals about sessions, recordings and evidence."""

from server.errors.base import VivaError


class SessionNotFound(VivaError):
    status, code, sentence = 404, "session_not_found", "There is no such session."


class SessionEnded(VivaError):
    status, code, sentence = 409, "session_ended", "This session has ended."


class InvalidTransition(VivaError):
    status, code, sentence = 409, "invalid_transition", "The session cannot change like that."


class ConsentVersionStale(VivaError):
    status, code, sentence = 409, "consent_version_stale", "The text has changed. Please read it again."


class ConsentRequired(VivaError):
    status, code, sentence = 403, "consent_required", "Nothing is recorded before consent is given."


class VideoNotFound(VivaError):
    status, code, sentence = 404, "video_not_found", "There is no such video."


class VideoNotReady(VivaError):
    status, code, sentence = 409, "video_not_ready", "The recording is not finished yet."


class QuestionNotFound(VivaError):
    status, code, sentence = 404, "unknown_question", "This session has no such question."


class TakesExhausted(VivaError):
    status, code, sentence = 409, "takes_exhausted", "No take is left for this question."


class AlreadyRecording(VivaError):
    status, code, sentence = 409, "already_recording", "A recording is running already."


class EventNotFound(VivaError):
    status, code, sentence = 404, "event_not_found", "There is no such event."


class FileMissing(VivaError):
    status, code, sentence = 404, "file_not_found", "The file is not in the store."
