"""The whole journey as a run that prints figures: `python -m tests.e2e.journey [--hd]`."""
