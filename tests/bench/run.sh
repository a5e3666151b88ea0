#!/bin/sh
# The benchmark of README.md: tests/bench/run.sh [HOSTS [KIB]]
set -eu
cd "$(dirname "$0")/../.."
hosts=${1:-1000}
kib=${2:-60}
cmake --preset release >/dev/null
cmake --build --preset release --target esx2esxi make_estate make_bundle measure compare_egress >/dev/null
estate=$(mktemp -d)
trap 'rm -rf "$estate"' EXIT
build/release/tests/bench/make_estate "$estate" "$hosts" "$kib"
build/release/tests/bench/measure build/release/esx2esxi "$estate"
tree=tests/estates/harbor/hosts/crane02
for place in first last; do build/release/tests/bench/make_bundle $tree "$estate/$place.tgz" 200 $place; done
build/release/tests/bench/measure build/release/esx2esxi --bundles $tree "$estate/first.tgz" "$estate/last.tgz"
build/release/tests/bench/compare_egress
