"""A Chromium that needs no right to install anything: an npm package's, with its own libraries and fonts."""

import shutil
import tarfile
from pathlib import Path

from tools.bootstrap.shell import ROOT, digest, must, stamp, stamped
from tools.bootstrap.web import ensure_node, node_environment

LISTED = ROOT / "tools" / "chromium"
HOME = ROOT / ".chromium"
LAUNCHER = HOME / "chromium"
PACKED = HOME / "node_modules" / "@sparticuz" / "chromium" / "bin"
ARCHIVES = {"al2023": ".", "swiftshader": "bin", "fonts": "."}
"""What the package carries beside the program (libraries, a renderer, fonts), and where it goes."""
INFLATE = """
const { createReadStream, createWriteStream } = require('node:fs');
const { pipeline } = require('node:stream/promises');
const { createBrotliDecompress } = require('node:zlib');
const [from, to] = process.argv.slice(1);
pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{home}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{home}/font-cache</cachedir>
</fontconfig>
"""
LAUNCH = """#!/bin/sh
LD_LIBRARY_PATH="{home}/lib:$LD_LIBRARY_PATH"
FONTCONFIG_FILE="{home}/fonts.conf"
export LD_LIBRARY_PATH FONTCONFIG_FILE
exec "{home}/bin/chromium" --no-sandbox "$@"
"""


def ensure() -> Path:
    """The path of its launcher; fetched and unpacked once."""
    wanted = digest([LISTED / "package-lock.json", Path(__file__).resolve()], str(HOME))
    if stamped("portable-chromium") != wanted or not LAUNCHER.exists():
        _fetch()
        _unpack()
        stamp("portable-chromium", wanted)
    return LAUNCHER


def _fetch() -> None:
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(LISTED / name, HOME / name)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    must(command, doing="Chromium for the tests", cwd=HOME, env=node_environment())


def _unpack() -> None:
    program = HOME / "bin" / "chromium"
    program.parent.mkdir()
    _inflate(PACKED / "chromium.br", program)
    program.chmod(0o755)
    for name, folder in ARCHIVES.items():
        archive = HOME / f"{name}.tar"
        _inflate(PACKED / f"{name}.tar.br", archive)
        with tarfile.open(archive) as tar:
            if hasattr(tarfile, "data_filter"):  # Debian 12's Python is older; the archive's hash is pinned
                tar.extraction_filter = tarfile.data_filter
            tar.extractall(HOME / folder)
        archive.unlink()
    (HOME / "fonts.conf").write_text(FONTS.format(home=HOME))  # without it all text is invisible
    LAUNCHER.write_text(LAUNCH.format(home=HOME))
    LAUNCHER.chmod(0o755)


def _inflate(source: Path, target: Path) -> None:
    must(
        [ensure_node() / "node", "-e", INFLATE, source, target],
        doing=f"unpacking {source.name}",
        env=node_environment(),
    )
