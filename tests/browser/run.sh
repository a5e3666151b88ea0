#!/bin/sh
# run.sh PROGRAM ESTATES WORK: opens the dossier in Debian's Chromium. 77 (skipped) where node, Chromium or the packages
# of package-lock.json are missing: ./bootstrap.sh test installs them.
set -eu
cd "$(dirname "$0")"
CHROMIUM=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$CHROMIUM" ] || ! command -v node >/dev/null 2>&1 || [ ! -d node_modules/playwright-core ]; then
  echo 'skipped: needs node, chromium and "npm ci" in tests/browser'
  exit 77
fi
PROGRAM=$1 ESTATES=$2 WORK=$3
export PROGRAM ESTATES WORK CHROMIUM
exec node --test dossier.test.mjs
