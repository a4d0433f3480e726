#!/usr/bin/env bash
# Runs the set of throughput benchmarks and prints one table.
#
#   ./benchmarks/run.sh            # all models, one and two threads, about 15 minutes
#   ./benchmarks/run.sh --quick    # under 5 minutes; ends with one line of ratios a model
#   ./benchmarks/run.sh --pytorch /usr/bin/python3   # with PyTorch of that Python beside it
#
# All peers of a model take turns in one process, so that what disturbs the machine disturbs all of
# them alike; a number is the median of the times of single iterations. PyTorch needs a process of
# its own and runs right behind. Results go to benchmarks/results/*.json.
#
# Environment, all optional: JAVA_HOME, RUNNER_JAVA_OPTS, RUNNER_MAVEN_ARGS as for benchmarks/run.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
quick=
python=
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=1 ;;
    --pytorch) python=${2:?"--pytorch takes a Python interpreter"}; shift ;;
    *) echo "unknown option '$1'; there are --quick and --pytorch PYTHON" >&2; exit 2 ;;
  esac
  shift
done

if [ -n "$python" ] && ! "$python" -c 'import torch' 2>/dev/null; then
  echo "PyTorch is left out: $python can't import torch" >&2
  python=
fi

if [ -n "$quick" ]; then
  seconds=25
  threads="1"
  models="deep-narrow:2 lenet5:64 cifar-resnet18:64"
else
  seconds=60
  threads="1 2"
  models="deep-narrow:2 lenet5:64 cifar-resnet18:64 resnet50:8"
fi

results=$here/results
mkdir -p "$results"
rm -f "$results"/*.json
source "$here/environment.sh"
"$here/run" --build-only

for n in $threads; do
  # libtorch's workers must not spin for longer than an operation takes, or a busy core stalls all.
  export OMP_NUM_THREADS=$n
  # shellcheck disable=SC2086  # lists of words
  "$here/run" --main org.djlrunner.benchmarks.Throughput "$seconds" "$n" "$results/java-$n.json" $models \
    | tee "$results/java-$n.txt" | grep -v '^ratio' || true
  if [ -n "$python" ]; then
    # shellcheck disable=SC2086
    "$python" "$here/pytorch_baseline.py" --out "$results/pytorch-$n.json" --seconds "$seconds" --threads "$n" $models
  fi
done

tables=${python:-$(command -v python3 || true)}
if [ -n "$tables" ]; then
  "$tables" "$here/join_tables.py" "$results"/*.json
else
  cat "$results"/*.json
fi
cat "$results"/java-*.txt | grep '^ratio'
