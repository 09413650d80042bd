"""The supervised process that decodes and detects, and the client the server talks to it with."""
