"""A row of the outbox as the message that travels."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from email_validator import validate_email

from server.mail.models import Mail


def mailbox(address: str) -> str:
    """An address as mail servers take it: its domain in ASCII."""
    checked = validate_email(address, check_deliverability=False, globally_deliverable=False)
    return f"{checked.local_part}@{checked.ascii_domain}"


def message_of(mail: Mail, *, sender: str) -> EmailMessage:
    """The whole message; `sender` is our own address, the name before it that of the company."""
    assert mail.text is not None
    assert mail.html is not None
    to = mailbox(mail.to_email)
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    message["From"] = Address(_one_line(mail.sender_name), addr_spec=sender)
    message["To"] = _address(to)
    if mail.reply_to is not None:
        message["Reply-To"] = _address(mailbox(mail.reply_to))
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(mail.created_at)
    # The same for every attempt: who gets a mail twice can tell.
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _address(mailbox: str) -> Address:
    """Not parsed, since the parser takes no letters beyond ASCII before the @."""
    name, _, domain = mailbox.rpartition("@")
    return Address(username=name, domain=domain)


def _one_line(value: str) -> str:
    """Header values have no line breaks and no other control characters."""
    return "".join(char for char in " ".join(value.split()) if char.isprintable())
