"""Every message of the signalling protocol (docs/PROTOCOL.md), typed and checked."""
