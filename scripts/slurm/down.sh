#!/usr/bin/env bash
# Ends what scripts/slurm/up.sh DIR has brought up; DIR stays, with its logs.
set -u
dir=$(cd "$1" && pwd)
for name in slurmctld slurmd-node-a slurmd-node-b munged; do
  [ -f "$dir/$name.pid" ] && kill "$(cat "$dir/$name.pid")" 2>/dev/null
done
exit 0
