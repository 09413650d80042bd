"""Mail: an outbox in the database, letters made of templates, and whoever takes them away.

To send one: `await enqueue(uow, kind="password_reset", to=email, context={"link": link})` (service.py).
A kind is a pair of files in templates/: KIND.txt, whose first line is the subject, and KIND.html, which
extends base.html and takes its button, code and address from parts.html. What they name must be in the
context; `to` and `paper` (name, accent and ink of the company) always are.
"""
