"""Refusals about interviews, invitations, mails and questions."""

from collections.abc import Sequence
from typing import Self

from server.errors.base import VivaError


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


class MailNotFound(VivaError):
    status, code, sentence = 404, "mail_not_found", "There is no such mail."


class MailNotFailed(VivaError):
    status, code, sentence = 409, "mail_not_failed", "Only a mail that failed can be tried again."


class MailGone(VivaError):
    status, code, sentence = 410, "mail_gone", "This mail is too old: its letter was deleted. Send a new one."


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
