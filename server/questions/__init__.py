"""Questions, banks of them, tags, and templates that draw an interview's questions."""
