#!/bin/sh
# Folder = stage. A stage includes itself and those above it in this list, never one below: the data flows one way.
# Usage: tests/layers.sh [PROJECT]
set -eu
cd "${1:-$(dirname "$0")/..}"
stages='core net model intake transform rules readdress plan render verify app'

{
  grep -rn --include='*.hpp' --include='*.cpp' '^ *# *include *[<"]esx2esxi/' include planner || true
} | awk -v stages="$stages" '
  BEGIN { count = split(stages, name, " "); for (i = 1; i <= count; ++i) rank[name[i]] = i }
  {
    split($0, part, ":")
    file = part[1]
    own = file; sub(/^include\/esx2esxi\//, "", own); sub(/^planner\//, "", own)
    if (own !~ /\//) { if (own != "main.cpp") { print file ": lies in no stage"; bad = 1 } next }
    sub(/\/.*/, "", own)
    used = $0; sub(/.*esx2esxi\//, "", used); sub(/\/.*/, "", used)
    if (!(own in rank)) { print file ": unknown stage " own; bad = 1; next }
    if (!(used in rank)) { print file ":" part[2] ": unknown stage " used; bad = 1; next }
    if (rank[used] > rank[own]) { print file ":" part[2] ": " own " includes " used ", which comes after it"; bad = 1 }
    ++seen
  }
  END {
    if (!seen) { print "no include was found: is this the project?"; bad = 1 }
    exit bad
  }'
