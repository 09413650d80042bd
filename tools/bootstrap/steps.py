"""Which steps each goal of the Makefile needs, in order."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.bootstrap import browser, mediapipe, models, packages, redis, web
from tools.bootstrap.shell import STAMPS, Stop

GOALS = ("run", "test", "e2e", "bench", "check", "lock")


def main(arguments: Sequence[str]) -> int:
    """Prepare for one goal; what it needs from the environment goes to .venv/.viva/env.sh."""
    if len(arguments) != 1 or arguments[0] not in GOALS:
        sys.stderr.write(f"usage: python3 -m tools.bootstrap {'|'.join(GOALS)}\n")
        return 2
    try:
        prepare(arguments[0])
    except Stop as stop:
        sys.stderr.write(f"viva: {stop}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except subprocess.SubprocessError as error:
        sys.stderr.write(f"viva: {error}\n{getattr(error, 'output', '') or ''}\n")
        return 1
    return 0


def prepare(goal: str) -> None:
    """Do what is missing for the goal; nothing when an earlier run has done it."""
    packages.ensure(development=goal != "run")
    if goal == "lock":
        return
    settings = {}
    if goal == "check":
        web.ensure_packages()
    else:
        web.ensure_built()
        models.ensure()
    if goal in {"test", "e2e", "bench"}:
        redis.ensure()
        settings["VIVA_CHROMIUM"] = str(browser.ensure())
        settings["VIVA_MODELS_DIR"] = str(models.folder())
    if goal in {"test", "bench"}:
        mediapipe.ensure()
    _write_environment(web.ensure_node(), settings)


def _write_environment(node: Path, settings: dict[str, str]) -> None:
    lines = []
    if shutil.which("node") != str(node / "node"):
        lines = [f'PATH={shlex.quote(str(node))}:"$PATH"; export PATH']
    if node == web.NODE_HOME / "bin":  # Playwright's own wants a library that bare systems lack
        settings = {**settings, "PLAYWRIGHT_NODEJS_PATH": str(web.NODE_PROGRAM)}
    lines += [f"{name}={shlex.quote(value)}; export {name}" for name, value in settings.items()]
    text = "\n".join([*lines, ""])
    file = STAMPS / "env.sh"
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
