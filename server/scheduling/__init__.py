"""Sessions: one candidate's sitting, its people, its consent and its status."""
