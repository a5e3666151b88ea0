#!/bin/sh
# The benchmark of README.md: tests/bench/run.sh [HOSTS [KIB]]
set -eu
cd "$(dirname "$0")/../.."
hosts=${1:-1000}
kib=${2:-60}
cmake --preset release >/dev/null
cmake --build --preset release --target esx2esxi make_estate measure >/dev/null
estate=$(mktemp -d)
trap 'rm -rf "$estate"' EXIT
build/release/tests/bench/make_estate "$estate" "$hosts" "$kib"
build/release/tests/bench/measure build/release/esx2esxi "$estate"
