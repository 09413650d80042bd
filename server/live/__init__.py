"""The live bus and the sockets that listen to it."""
