"""Proctoring events and the policies they are raised under."""
