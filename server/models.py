"""Imports every table, so that metadata and foreign keys are whole wherever one of them is needed."""

from server.accounts import models as accounts
from server.evidence import models as evidence
from server.interviews import models as interviews
from server.mail import models as mail
from server.questions import models as questions
from server.recordings import models as recordings
from server.retention import models as retention
from server.scheduling import models as scheduling
from server.storage import answers
from server.storage.base import Base

__all__ = [
    "Base",
    "accounts",
    "answers",
    "evidence",
    "interviews",
    "mail",
    "questions",
    "recordings",
    "retention",
    "scheduling",
]
