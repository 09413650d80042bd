"""People, organisations and who may do what."""
