#!/bin/sh
# layers.sh accepts a project whose stages look upwards only, and names the line of each include that does not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
mkdir -p "$project/include/esx2esxi/net" "$project/planner/net" "$project/planner/model"

fail() {
  echo "layers_test.sh: $*" >&2
  exit 1
}

echo '#include "esx2esxi/core/text.hpp"' >"$project/include/esx2esxi/net/ipv4.hpp"
sh "$here/layers.sh" "$project" || fail 'an include of an earlier stage was refused'

printf '\n# include <esx2esxi/model/host.hpp>\n' >"$project/planner/net/ipv4.cpp"
out=$(sh "$here/layers.sh" "$project") && fail 'an include of a later stage was accepted'
[ "$out" = 'planner/net/ipv4.cpp:2: net includes model, which comes after it' ] || fail "unexpected message: $out"

rm "$project/planner/net/ipv4.cpp"
echo '#include "esx2esxi/extras/x.hpp"' >"$project/planner/model/host.cpp"
sh "$here/layers.sh" "$project" >/dev/null && fail 'an unknown stage was accepted'
rm -r "$project/include" "$project/planner"
mkdir "$project/include" "$project/planner"
sh "$here/layers.sh" "$project" >/dev/null && fail 'a project without includes was accepted'
exit 0
