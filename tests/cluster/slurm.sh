#!/usr/bin/env bash
# Runs the sbatch file of docs/cluster.md on a Slurm of one node, kills one of its tasks, runs it again,
# joins the parts, and compares the bytes with the same study in one piece.
#
# The daemons listen on loopback, keep all they write in a temporary directory, and are stopped at the
# end. Without Slurm and munge it installs Debian's packages, where it may.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)

say() { printf 'test-slurm: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

need() { command -v sbatch slurmctld slurmd munged mungekey >/dev/null; }
export PATH="$PATH:/usr/sbin:/sbin"
if ! need; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        die 'it needs slurm-wlm and munge: apt-get install slurm-wlm munge'
    say 'installing slurm-wlm and munge'
    apt-get update -qq
    # Their own services stay off: the daemons below are started by hand.
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -y -qq --no-install-recommends slurm-wlm munge >/dev/null
    need || die 'slurm-wlm and munge are installed, but not all of their programs are there'
fi

cargo build --release --quiet --manifest-path "$root/Cargo.toml"
target=$(cargo metadata --format-version 1 --no-deps --manifest-path "$root/Cargo.toml" |
    sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')

work=$(mktemp -d)
pids=()
stop() {
    local code=$?
    if [ "$code" != 0 ]; then
        tail -n 20 "$work"/*.log 2>/dev/null >&2 || true
    fi
    # The last to start is the first to stop.
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        kill "${pids[i]}" 2>/dev/null || true
        wait "${pids[i]}" 2>/dev/null || true
    done
    rm -rf "$work"
    exit "$code"
}
trap stop EXIT
chmod 755 "$work"
mkdir -p "$work"/{state,spool,study,bin}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
host=$(hostname -s)
user=$(id -un)
cat > "$work/slurm.conf" <<CONF
ClusterName=distpoint
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CryptoType=crypto/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
NodeName=node NodeHostname=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf

say 'starting munged, slurmctld and slurmd on loopback'
mungekey --create --keyfile="$work/munge.key"
munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" \
    --pid-file="$work/munge.pid" --seed-file="$work/munge.seed" --log-file="$work/munged.log" \
    >"$work/munged.out.log" 2>&1 &
pids+=($!)
until_true() {
    for _ in $(seq 300); do
        if "${@:2}" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    die "$1"
}
until_true 'munged does not start' test -S "$work/munge.socket"
slurmctld -D -f "$SLURM_CONF" >"$work/slurmctld.out.log" 2>&1 &
pids+=($!)
until_true 'slurmctld does not start' scontrol ping
slurmd -D -N node -f "$SLURM_CONF" >"$work/slurmd.out.log" 2>&1 &
pids+=($!)
idle() { [ "$(sinfo --noheader --format=%t)" = idle ]; }
until_true 'slurmd does not start' idle

# The very file of the documentation.
cd "$work/study"
awk '/^```sh$/ { block = 1; next } /^```$/ { block = 0 }
    block && /^#!\/bin\/bash$/ { script = 1 } !block { script = 0 } script' \
    "$root/docs/cluster.md" > sweep.sbatch
[ -s sweep.sbatch ] || die 'docs/cluster.md has no sbatch file'
cp "$root/scenarios/q268500.toml" scenario.toml
ln -s "$target/release/distpoint" "$work/bin/distpoint"
export PATH="$work/bin:$PATH"
# Debian's Slurm would otherwise hand out root's own environment.
export SLURM_EXPORT_ENV=ALL

job=$(sbatch --parsable sweep.sbatch)
say "submitted job $job, an array of four"
running() { squeue --noheader --array --job="${job}_3" --states=RUNNING --format=%T | grep -q RUNNING; }
until_true 'task 3 does not run' running
scancel --signal=KILL --full "${job}_3"
say 'killed task 3'
done_with() { [ -z "$(squeue --noheader --job="$1" 2>/dev/null)" ]; }
wait_for() {
    for _ in $(seq 3000); do
        if done_with "$1"; then return; fi
        sleep 0.1
    done
    die "job $1 does not end"
}
wait_for "$job"
[ "$(echo part-*.json)" = 'part-1.json part-2.json part-4.json' ] ||
    die "after the kill there should be parts 1, 2 and 4, not: $(ls)"

code=0
report=$(distpoint merge part-*.json -o all.json 2>&1) || code=$?
[ "$code" = 2 ] || die "merge of three parts ended with $code, not 2"
case $report in
    *'shard 3/4 is missing'*) ;;
    *) die "merge does not name the missing shard: $report" ;;
esac

again=$(SHARD=3/4 sbatch --parsable --array=3 sweep.sbatch)
say "submitted task 3 again, as job $again"
wait_for "$again"
distpoint merge part-[1-4].json -o all.json -q >merged.txt

sed 's/--shard "[^"]*" -o "[^"]*"/-o whole.json/' sweep.sbatch > whole.sh
SLURM_CPUS_PER_TASK=$(nproc) bash whole.sh >whole.txt
cmp all.json whole.json || die 'the joined parts are not the bytes of the study in one piece'
cmp merged.txt whole.txt || die 'the printed reports differ'
say "the joined parts are the $(wc -c <whole.json) bytes of the study in one piece"
