"""The base of all refusals, and those of any request."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    problem: str


Detail = str | list[FieldProblem]


class ErrorBody(BaseModel):
    """What a refused request is answered with; `detail` is a sentence, or for bad requests the fields."""

    error: str
    detail: Detail


class VivaError(Exception):
    """Base of all refusals; raised anywhere, rendered once at the edge.

    With `keeps_changes` the transaction it ends is committed: the refusal itself left a fact to keep,
    such as a counted wrong code.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    sentence: ClassVar[str] = "That request cannot be understood."
    keeps_changes: ClassVar[bool] = False

    def __init__(self, detail: Detail | None = None, *, headers: Mapping[str, str] | None = None) -> None:
        self.detail = self.sentence if detail is None else detail
        self.headers = dict(headers or {})
        super().__init__(f"{self.code}: {self.detail}")

    def body(self) -> ErrorBody:
        """The refusal as the client reads it."""
        return ErrorBody(error=self.code, detail=self.detail)


class BadRequest(VivaError):
    status, code = 422, "bad_request"


class NotFound(VivaError):
    status, code, sentence = 404, "not_found", "There is nothing here."


class MethodNotAllowed(VivaError):
    status, code, sentence = 405, "method_not_allowed", "That method does not exist here."


class BodyTooLarge(VivaError):
    status, code, sentence = 413, "body_too_large", "The request is too large."


class SocketWanted(VivaError):
    status, code, sentence = 426, "socket_wanted", "Open a WebSocket here."


class UnsupportedMediaType(VivaError):
    status, code, sentence = 415, "unsupported_media_type", "The body must be application/json."


class RangeNotSatisfiable(VivaError):
    status, code, sentence = 416, "range_not_satisfiable", "The file has no such part."


class Internal(VivaError):
    status, code, sentence = 500, "internal", "Something went wrong on our side. It has been logged."


class OriginNotAllowed(VivaError):
    status, code, sentence = 403, "origin_not_allowed", "The request came from another site."


class NotAllowed(VivaError):
    status, code, sentence = 403, "not_allowed", "Your role may not do that."


class TooManyAttempts(VivaError):
    status, code, sentence = 429, "too_many_attempts", "Too many attempts. Please wait."

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after_seconds)})
        self.retry_after_seconds = retry_after_seconds


class StaleVersion(VivaError):
    status, code, sentence = 409, "stale_version", "Somebody else changed this meanwhile. Please reload."


class IdempotencyKeyReused(VivaError):
    status, code = 422, "idempotency_key_reused"
    sentence = "This Idempotency-Key was sent before with another request. Use a new one."
