#!/bin/sh
# Writes the lock files; `tools/lock.sh --upgrade` takes newer releases. The files name versions and hashes only,
# so that any package index can serve them.
set -eu
cd "$(dirname "$0")/.."
compile() {
    output=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
        --generate-hashes --no-header --no-annotate --output-file "$output" "$@"
}
compile requirements.lock pyproject.toml --extra build "$@"
compile requirements-dev.lock pyproject.toml --extra build --extra dev --constraints requirements.lock "$@"
compile requirements-node.lock --group node "$@"
compile requirements-uv.lock --group installer "$@"
