#!/usr/bin/env bash
# Ends what scripts/slurm/up.sh DIR has brought up, and waits until it has ended, so that nothing writes to DIR any
# more; DIR stays, with its logs. Exit code 1 where a daemon has not ended within 20 seconds.
set -u
dir=$(cd "$1" && pwd)

# Whether a process runs; one that has ended and that nobody has asked about yet does not.
runs() {
  grep --quiet '^State:[[:space:]]*[^ZX]' "/proc/$1/status" 2>/dev/null
}

status=0
for name in slurmctld slurmd-node-a slurmd-node-b munged; do
  [ -f "$dir/$name.pid" ] || continue
  pid=$(cat "$dir/$name.pid")
  kill "$pid" 2>/dev/null || continue
  for _ in $(seq 200); do
    runs "$pid" || continue 2
    sleep 0.1
  done
  echo "$name (process $pid) has not ended" >&2
  status=1
done
exit $status
