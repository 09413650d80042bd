"""A real Chromium against a real room and recorder: shared by bench.sync, bench.loss, tests/e2e."""
