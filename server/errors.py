"""Every refusal Viva can give: a stable code, an HTTP status and a sentence for people."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

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


# --- the request itself


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


# --- accounts


class NotSignedIn(VivaError):
    status, code, sentence = 401, "not_signed_in", "Please sign in."


class AccessEnded(VivaError):
    status, code, sentence = 401, "access_ended", "You were signed out, or may no longer take part."


class SignInRequired(VivaError):
    status, code, sentence = 403, "sign_in_required", "A token may not do that. Please sign in yourself."


class TokenMayOnlyRead(VivaError):
    status, code, sentence = 403, "token_may_only_read", "This token may only read."


class RefreshRefused(NotSignedIn):
    """A refresh token that is unknown, expired or used before; the family it revoked stays revoked."""

    keeps_changes = True


class WrongCredentials(VivaError):
    status, code, sentence = 401, "wrong_credentials", "E-mail and password do not match."
    keeps_changes = True


class EmailTaken(VivaError):
    status, code, sentence = 409, "email_taken", "There is an account with this e-mail already."
    keeps_changes = True


class EmailNotVerified(VivaError):
    status, code = 403, "email_not_verified"
    sentence = "Please confirm your e-mail address first, with the link we mail you."


class WrongPassword(VivaError):
    status, code, sentence = 403, "wrong_password", "That is not your password."
    keeps_changes = True


class LinkInvalid(VivaError):
    status, code = 410, "link_invalid"
    sentence = "This link was used already or has expired. Please ask for a new one."
    keeps_changes = True


class OidcNotConfigured(VivaError):
    status, code, sentence = 404, "oidc_not_configured", "There is no other provider to sign in with."


class OidcUnavailable(VivaError):
    status, code = 502, "oidc_unavailable"
    sentence = "The sign-in provider does not answer. Please try again."


class OidcRefused(VivaError):
    status, code = 403, "oidc_refused"
    sentence = "The sign-in provider did not confirm who you are. Please try again."


class OidcNotAllowed(VivaError):
    status, code = 403, "oidc_not_allowed"
    sentence = "This account of the sign-in provider may not sign in here."


class SignInNotFound(VivaError):
    status, code, sentence = 404, "sign_in_not_found", "There is no such sign-in."


class ApiTokenNotFound(VivaError):
    status, code, sentence = 404, "api_token_not_found", "There is no such token."


class TooManyApiTokens(VivaError):
    status, code, sentence = 409, "too_many_api_tokens", "Please revoke a token before you make another."


class MemberNotFound(VivaError):
    status, code, sentence = 404, "member_not_found", "There is no such person in your organisation."


class AlreadyMember(VivaError):
    status, code, sentence = 409, "already_member", "This person belongs to your organisation already."


class LastAdmin(VivaError):
    status, code = 409, "last_admin"
    sentence = "Your organisation needs an administrator. Make somebody else one first."


class ColleagueInviteNotFound(VivaError):
    status, code, sentence = 404, "colleague_invite_not_found", "There is no such invitation."


# --- interviews and invites


class InterviewNotFound(VivaError):
    status, code, sentence = 404, "interview_not_found", "There is no such interview."


class InterviewClosed(VivaError):
    status, code, sentence = 409, "interview_closed", "This interview takes no more answers."


class InterviewBegun(VivaError):
    status, code = 409, "interview_begun"
    sentence = "Candidates take part already: questions and times stay as they are. Duplicate it instead."


class InterviewCompleted(VivaError):
    status, code = 409, "interview_completed"
    sentence = "This interview is over and stays as it is. Duplicate it instead."


class InviteUnknownCode(VivaError):
    status, code, sentence = 404, "invite_unknown_code", "That code is not known. Check the six digits."
    keeps_changes = True


class InviteExpired(VivaError):
    status, code, sentence = 410, "invite_expired", "This invitation has expired. Ask for a new one."


class InviteRevoked(VivaError):
    status, code, sentence = 410, "invite_revoked", "This invitation was withdrawn."


class InviteAlreadyAdded(VivaError):
    status, code, sentence = 409, "invite_already_added", "You have added this interview already."


class InviteOtherEmail(VivaError):
    status, code = 403, "invite_other_email"
    sentence = "This invitation was sent to another e-mail address."
    keeps_changes = True


class InviteUnknownLink(VivaError):
    status, code, sentence = (
        404,
        "invite_unknown_link",
        "That link is not known. Perhaps a newer mail has another.",
    )


class InviteNotFound(VivaError):
    status, code, sentence = 404, "invite_not_found", "There is no such invitation."


class InviteAccepted(VivaError):
    status, code, sentence = 409, "invite_accepted", "This invitation was accepted already."


class AlreadyInvited(VivaError):
    status, code, sentence = 409, "already_invited", "Another invitation of this address is open already."


# --- mail


class MailNotFound(VivaError):
    status, code, sentence = 404, "mail_not_found", "There is no such mail."


class MailNotFailed(VivaError):
    status, code, sentence = 409, "mail_not_failed", "Only a mail that failed can be tried again."


class MailGone(VivaError):
    status, code, sentence = 410, "mail_gone", "This mail is too old: its letter was deleted. Send a new one."


# --- questions


class BankQuestionNotFound(VivaError):
    status, code, sentence = 404, "question_not_found", "There is no such question."


class TagNotFound(VivaError):
    status, code, sentence = 404, "tag_not_found", "There is no such tag."


class TagExists(VivaError):
    status, code, sentence = 409, "tag_exists", "There is a tag with this name already."


class BankNotFound(VivaError):
    status, code, sentence = 404, "bank_not_found", "There is no such question bank."


class TemplateNotFound(VivaError):
    status, code, sentence = 404, "template_not_found", "There is no such template."


class InUse(VivaError):
    status, code, sentence = 409, "in_use", "Templates draw from this. Change them first."

    @classmethod
    def by(cls, names: Sequence[str]) -> Self:
        """The refusal that names some of those who use it."""
        return cls(f"{cls.sentence} Among them: {', '.join(names)}.")


# --- sessions


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


# --- recordings and evidence


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
