#!/bin/sh
# From a clean Debian 12 to a running program.
#   ./bootstrap.sh demo   builds the program and plans the sample estate
#   ./bootstrap.sh test   builds with g++ and, with the sanitizers, with clang; warnings as errors; runs every check
# Installs what is missing with apt-get (as root, or by sudo) and is quiet when nothing is.
set -eu
cd "$(dirname "$0")"

build_packages='g++ cmake ninja-build pkg-config libboost-dev libboost-program-options-dev libfmt-dev nlohmann-json3-dev
  libexpected-dev libssl-dev libarchive-dev zlib1g-dev libpugixml-dev libxlsxwriter-dev
  libjemalloc-dev'
test_packages='catch2 busybox dash shellcheck python3 python3-jsonschema python3-openpyxl python3-yaml chromium clang clang-format
  libclang-rt-14-dev'

say() { printf '%s\n' "$*"; }
die() {
  printf 'bootstrap.sh: error: %s\n' "$*" >&2
  exit 1
}

usage() {
  say 'Usage: ./bootstrap.sh demo   build, and plan the sample estate in tests/estates/harbor'
  say '       ./bootstrap.sh test   build, and run every test and check'
}

require_debian_12() {
  release=${OS_RELEASE:-/etc/os-release}
  [ -r "$release" ] || die "this system has no $release: Debian 12 (bookworm) is needed"
  # shellcheck disable=SC1090
  id=$(. "$release" && printf '%s' "${ID-}")
  # shellcheck disable=SC1090
  version=$(. "$release" && printf '%s' "${VERSION_ID-}")
  [ "$id:$version" = debian:12 ] ||
    die "this system is ${id:-unknown} ${version:-of no version}; Debian 12 (bookworm) is needed. Elsewhere install the packages" \
      "that README.md names and run: cmake --preset release && cmake --build --preset release"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    die "packages are missing ($missing): run this as root once, or install sudo"
  fi
}

# install_missing PACKAGES: asks dpkg first, so that a complete machine needs neither root nor network.
install_missing() {
  missing=
  for package in $1; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=
    [ "$status" = installed ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  missing=${missing# }
  say "Installing: $missing"
  log=$(mktemp)
  # shellcheck disable=SC2086
  if ! { as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die "apt-get could not install: $missing"
  fi
  rm -f "$log"
}

# run_quietly WHAT COMMAND...: its output only if it fails.
run_quietly() {
  what=$1
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die "$what failed (see above)"
  fi
  rm -f "$log"
}

# configure PRESET OPTIONS...
configure() {
  preset=$1
  shift
  if command -v ccache >/dev/null 2>&1; then
    export CCACHE_SLOPPINESS=pch_defines,time_macros
    set -- "$@" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
  run_quietly "configuring $preset" cmake --preset "$preset" "$@"
}

demo() {
  install_missing "$build_packages"
  say 'Building (the first time takes some minutes) ...'
  configure release -DESX2ESXI_TESTS=OFF
  run_quietly 'the build' cmake --build --preset release
  harbor=tests/estates/harbor
  set -- "$harbor/hosts" --policy "$harbor/policy/policy.info" --pools "$harbor/policy/pools.csv" --out build/demo --force
  say "\$ build/release/esx2esxi plan $*"
  say
  code=0
  build/release/esx2esxi plan "$@" || code=$?
  say
  case $code in
    0) ;;
    4) say 'Exit code 4: at least one host stays blocked. Its documents are written, its scripts are withheld.' ;;
    *) die "plan ended with exit code $code" ;;
  esac
  say 'Open these:'
  for file in change-request.html change-request.md change-request.xlsx address-plan.csv plan.json; do say "  build/demo/$file"; done
  for script in build/demo/hosts/*/remediate.sh; do
    [ ! -e "$script" ] || say "  ${script%/*}/  remediate.sh, rollback.sh"
  done
}

sources() {
  find include planner tests -path tests/estates -prune -o \( -name '*.cpp' -o -name '*.hpp' \) -print | LC_ALL=C sort
}

shell_scripts() {
  printf '%s\n' bootstrap.sh .ci/run
  find tests -path tests/estates -prune -o -name '*.sh' -print | LC_ALL=C sort
}

check_text() {
  say 'Checking shell scripts, formatting and layers ...'
  shell_scripts | xargs shellcheck || die 'shellcheck found something (see above)'
  sources | xargs clang-format --dry-run --Werror || die 'not formatted: run clang-format -i on the files above'
  sh tests/layers.sh || die 'a stage includes a later one (see above)'
}

# build_and_test PRESET
build_and_test() {
  say "Building and testing: $1 ..."
  configure "$1" -DESX2ESXI_WERROR=ON -DESX2ESXI_TESTS=ON
  run_quietly "the build of $1" cmake --build --preset "$1"
  ctest --preset "$1" --no-tests=error -j "$(nproc)" >"build/$1/ctest.log" 2>&1 || {
    cat "build/$1/ctest.log" >&2
    die "tests of $1 failed (see above; build/$1/ctest.log)"
  }
  grep 'tests passed' "build/$1/ctest.log"
}

# fuzz SECONDS: each target for that long.
fuzz() {
  say "Fuzzing, $1 s each ..."
  sh tests/fuzz/run.sh build/debug "$1" || die 'a fuzz target found something (see above; its input is in build/debug/tests/fuzz)'
}

# The browser tests need node and what npm brings; without them ctest skips these.
install_browser_tests() {
  command -v npm >/dev/null 2>&1 || install_missing 'nodejs npm'
  installed=tests/browser/node_modules/.installed.json
  cmp -s tests/browser/package-lock.json "$installed" && return 0
  if npm ci --prefix tests/browser --no-audit --no-fund --ignore-scripts >/dev/null 2>&1; then
    cp tests/browser/package-lock.json "$installed"
  else
    say 'npm ci failed in tests/browser (no network?): the browser tests will be skipped.'
  fi
}

run_tests() {
  install_missing "$build_packages $test_packages"
  install_browser_tests
  check_text
  build_and_test release
  build_and_test debug
  fuzz "${FUZZ_SECONDS:-60}"
  say 'All tests passed.'
}

[ $# -eq 1 ] || {
  usage >&2
  exit 2
}
case $1 in
  demo | test) require_debian_12 ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
case $1 in
  demo) demo ;;
  test) run_tests ;;
esac
