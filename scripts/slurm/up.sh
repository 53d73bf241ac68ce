#!/usr/bin/env bash
# Brings up a Slurm of two nodes on this machine, for tests: scripts/slurm/up.sh DIR. As root, without systemd, with
# Debian's slurm-wlm and munge. Each node has a host name of its own, node-a and node-b. What all of it needs stands
# in DIR; clients find it by SLURM_CONF=DIR/slurm.conf. scripts/slurm/down.sh DIR ends it.
set -euo pipefail

dir=$(mkdir -p "$1" && cd "$1" && pwd)
host=$(hostname -s)
port=${SLURM_TEST_PORT:-16817}
mkdir -p "$dir/state"
# munged wants its socket where others may look, and its key where they may not.
chmod 755 "$dir"
head -c 1024 /dev/urandom >"$dir/munge.key"
chmod 400 "$dir/munge.key"
munged --key-file="$dir/munge.key" --socket="$dir/munge.socket" --pid-file="$dir/munged.pid" \
  --log-file="$dir/munged.log" --seed-file="$dir/munge.seed"

cat >"$dir/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthInfo=socket=$dir/munge.socket
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
# More processors in this file than there are.
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,batch_sched_delay=0
ReturnToService=2
KillWait=5
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool-%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd-%n.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd-%n.log
NodeName=node-a NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=5 RealMemory=64000 State=UNKNOWN
NodeName=node-b NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=3 RealMemory=64000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=600 State=UP
CONF

export SLURM_CONF=$dir/slurm.conf
slurmctld -f "$SLURM_CONF"
for node in node-a node-b; do
  mkdir -p "$dir/spool-$node"
  # A host name of its own, as on a machine of its own.
  unshare --uts sh -c "hostname $node && exec slurmd -N $node -f '$SLURM_CONF'"
done
for _ in $(seq 100); do
  [ "$(sinfo --noheader --Node --format=%T | grep --count idle)" = 2 ] && exit 0
  sleep 0.2
done
echo "the nodes did not come up; see the logs in $dir" >&2
exit 1
