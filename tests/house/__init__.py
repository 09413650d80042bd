"""The house as its users meet it: a server, a browser with a camera, and what people do on the screens."""
