"""Interviews, their questions, invitations and who takes part."""
