"""The WebSocket of a running session: typed messages in and out (docs/PROTOCOL.md)."""
