"""Refusals about people, sign-ins and tokens."""

from server.errors.base import VivaError


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
