#!/bin/sh
# run.sh BUILD SECONDS [TARGET...]: runs the fuzz targets of a build one after the other, each for that long, and says how
# many executions that was. Fails at the first finding, whose input is left in BUILD.
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
for target in "$@"; do
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
done
