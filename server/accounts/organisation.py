"""What an organisation may set, with the values it starts from."""

from pydantic import BaseModel, Field

from server.accounts.models import Organisation

DEFAULT_CONSENT_VERSION = "2026-1"
DEFAULT_CONSENT_TEXT = """\
{organisation} asks you to take this interview by video. Please read what happens before anything is \
recorded.

What is recorded. From the moment an answer or a live conversation starts until it ends: the picture of \
your camera, the sound of your microphone, and your screen if you share it. The device check before is \
not kept.

What is analysed. While you are recorded, software looks at the picture for the signs listed below, for \
example that no face or more than one face is visible. It measures nothing else: no emotions, no accent, \
no personality. A sign is only a mark on the timeline: a person looks at it and decides what it means, \
never software.

Who sees it. The people at {organisation} who conduct and review this interview, and nobody else.

How long it is kept. {retention_days} days after your interview, then it is deleted, unless the law asks \
for more.

Your choice. You may withdraw your consent at any time, before, during or after the interview. Recording \
then stops at once. You may ask {organisation} for a copy of your recording or for its deletion.
"""


class Branding(BaseModel):
    """How the organisation's letters and its candidates' pages look; `accent_color` is #rrggbb."""

    accent_color: str | None = Field(None, pattern=r"^#[0-9a-fA-F]{6}$")


class OrganisationSettings(BaseModel):
    """Settings of one organisation; a consent text of its own comes with a version of its own."""

    retention_days: int = Field(180, ge=1, le=3650)
    consent_text: str = DEFAULT_CONSENT_TEXT
    consent_version: str = Field(DEFAULT_CONSENT_VERSION, max_length=40)
    branding: Branding = Branding()


def settings_of(organisation: Organisation) -> OrganisationSettings:
    """The settings in force, defaults filled in."""
    return OrganisationSettings.model_validate(organisation.settings)
