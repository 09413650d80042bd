"""How many tries there are before somebody has to wait: docs/OPERATIONS.md lists them."""

from datetime import timedelta

from server.accounts.attempts import Guess, Limit

WINDOW = timedelta(minutes=15)
HOUR = timedelta(hours=1)
# Few tries from one place; more from many places, so that no stranger easily locks somebody out.
SIGN_IN_PAIR = Limit("sign_in", 5, WINDOW)
SIGN_IN_ADDRESS = Limit("sign_in", 30, WINDOW)
SIGN_IN_EMAIL = Limit("sign_in", 50, WINDOW)
PASSWORD_OF_USER = Limit("password", 5, WINDOW)
# Whole classrooms and offices share an address.
SIGN_UP_ADDRESS = Limit("sign_up", 100, HOUR)
SIGN_UP_EMAIL = Limit("sign_up", 10, HOUR)
# Each of these sends a mail, so every try counts and not only the wrong ones.
MAIL_ADDRESS = Limit("mail", 30, HOUR)
VERIFICATION_EMAIL = Limit("verification", 5, HOUR)
RESET_EMAIL = Limit("reset", 5, HOUR)
COLLEAGUES_OF_USER = Limit("colleague", 100, HOUR)
LINK_ADDRESS = Limit("link", 30, WINDOW)


def of_address(limit: Limit, address: str) -> Guess:
    """Counted against the address a request came from."""
    return limit, f"address:{address}"


def of_email(limit: Limit, email: str) -> Guess:
    """Counted against the account with this e-mail, whether or not there is one."""
    return limit, f"email:{email}"


def of_user(limit: Limit, user_id: object) -> Guess:
    """Counted against a signed-in person."""
    return limit, f"user:{user_id}"
