#!/usr/bin/env bash
# Renews constraints.txt: the exact versions of everything, for every Python and platform, without any index's address.
# Needs uv (pip install uv). package-lock.json is renewed by `npm install`, whose .npmrc leaves addresses out too.
set -euo pipefail
cd "$(dirname "$0")/.."
"${UV:-uv}" pip compile --quiet --universal --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
  --all-extras pyproject.toml --output-file constraints.txt "$@"
