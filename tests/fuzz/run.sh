#!/bin/sh
# run.sh BUILD SECONDS [TARGET...]: runs the fuzz targets of a build, each for that long and as many at a time as there
# are cores, and says how many executions that was. Fails if one finds something; its input is left in BUILD.
set -eu
build=$1 seconds=$2
shift 2
fuzz=$build
test ! -d "$build/tests/fuzz" || fuzz=$build/tests/fuzz
if test $# -eq 0; then
  for target in "$fuzz"/fuzz_*; do
    case ${target##*/} in *.*) ;; *) set -- "$@" "${target##*/}" ;; esac
  done
fi
if test $# -gt 1; then
  printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" sh "$0" "$build" "$seconds"
  exit
fi
target=$1
name=${target#fuzz_}
mkdir -p "$fuzz/corpus/$name"
log=$fuzz/$target.log
if ! "$fuzz/$target" -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=10 -max_len=65536 -print_final_stats=1 \
  -artifact_prefix="$fuzz/$target-" "$fuzz/corpus/$name" "$fuzz/seeds/$name" >"$log" 2>&1; then
  tail -40 "$log"
  echo "$target: found something" >&2
  exit 1
fi
sed -n "s/^stat::number_of_executed_units: */$target: executions /p" "$log"
