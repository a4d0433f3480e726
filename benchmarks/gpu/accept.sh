#!/usr/bin/env bash
# Checks and measures a bundle on a machine with a GPU: a driver, python3 with PyTorch, the bundle,
# and nothing else. Under 25 minutes in all.
#
#   DIR/checks/gpu/accept.sh --fashion FOLDER
#   DIR/checks/gpu/accept.sh --only doctor,tests
#   DIR/checks/gpu/accept.sh --device cpu --quick      # what can be tried without a GPU
#
#   --out DIR        for logs, traces and results; default ./accept-results
#   --only STEPS     some of doctor,tests,throughput,profile,fashion,cifar10
#   --quick          shorter measurements, for trying things; their figures are no results
#   --device DEVICE  gpu (default) or cpu; on a CPU the networks are small and there are no targets
#   --fashion DIR    the folder of Fashion-MNIST's four files; else FASHION_MNIST, else no such step
#   --cifar10 DIR    the folder of CIFAR-10's files or archive; else CIFAR10, else no such step
#   --python PYTHON  the Python with PyTorch; else python3
#
# Each step prints one line of JSON, which OUT/accept.jsonl keeps; OUT/STEP.log has the details. A
# step that fails or takes too long keeps no other from running. The exit status is 0 if all steps
# that were asked for were ok. benchmarks/README.md says what each measures.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
steps="doctor tests throughput profile fashion cifar10"

fail() {
  printf 'accept.sh: %s\n' "$@" >&2
  exit 2
}

# --- Steps -----------------------------------------------------------------------------------
# Each runs in a process of its own, under a time limit, with its output in OUT/STEP.log.

# Our checks within so many seconds.
java_within() {
  local limit=$1
  shift
  timeout --foreground -k 10 "$limit" "$RUNNER_JAVA" -XX:+UseParallelGC -Djava.awt.headless=true \
    -DOPT_OUT_TRACKING=true -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
    -cp "$CHECKS_CLASSPATH" "$@"
}

# Python within so many seconds. PyTorch brings libraries of its own; the bundle's must not come
# before them.
python_within() {
  local limit=$1
  shift
  LD_LIBRARY_PATH=$ACCEPT_LIBRARY_PATH timeout --foreground -k 10 "$limit" "$ACCEPT_PYTHON" "$@"
}

# PyTorch's side; its failure is not ours, and leaves its figures out.
baseline_within() {
  local limit=$1 device=cpu
  shift
  [ "$ACCEPT_DEVICE" = cpu ] || device=cuda
  python_within "$limit" "$here/../pytorch_baseline.py" --device $device "$@" ||
    echo "pytorch_baseline.py: exit status $?"
}

doctor() {
  local started=$SECONDS left status=0
  if command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader |
      sed 's/^/machine gpu: /' || true
  fi
  "$RUNNER_JAVA" -version 2>&1 | head -n 1 | sed 's/^/machine java: /'
  # First, because it counts: where 4.2 GB come from a cold disk it may take most of the time.
  "$RUNNER_BUNDLE/runner" doctor || status=$?
  left=$((started + 110 - SECONDS))
  python_within $((left > 5 ? left : 5)) \
    -c 'import torch; print("machine pytorch:", torch.__version__, "CUDA", torch.version.cuda)' ||
    echo "machine pytorch: none"
  return "$status"
}

tests() {
  local jar scan=
  for jar in "$RUNNER_BUNDLE"/checks/lib/runner-*-tests.jar; do
    scan=${scan:+$scan:}$jar
  done
  # With TF32 a GPU's float32 has ten bits after the point, too few to compare with a CPU's.
  export NVIDIA_TF32_OVERRIDE=0 OMP_NUM_THREADS=1
  java_within 260 -Dtest.device="$ACCEPT_DEVICE" \
    org.junit.platform.console.ConsoleLauncher execute --scan-class-path="$scan" \
    --include-tag gpu --reports-dir "$ACCEPT_OUT/junit" --disable-banner --details tree \
    --disable-ansi-colors
}

# Sets $models and $threads, the numbers of libtorch's threads on the host.
choose_models() {
  models="cifar-resnet18:512 resnet50:256" threads=4
  if [ "$ACCEPT_DEVICE" = cpu ]; then
    models="$1" threads=1
  fi
  export OMP_NUM_THREADS=$threads
}

throughput() {
  local models threads seconds=40 status=0
  choose_models "deep-narrow:2 lenet5:64"
  [ -z "$ACCEPT_QUICK" ] || seconds=3
  # shellcheck disable=SC2086  # lists of words, also below
  java_within 200 org.djlrunner.benchmarks.Throughput --device "$ACCEPT_DEVICE" \
    --peers EASY_TRAIN,OUR_STEP,OUR_RUNNER \
    "$seconds" "$threads" "$ACCEPT_OUT/throughput-java.json" $models || status=$?
  # shellcheck disable=SC2086
  baseline_within 120 --out "$ACCEPT_OUT/throughput-pytorch.json" --seconds $((seconds / 2 + 1)) \
    --threads "$threads" $models
  # A compiler may be missing or slow, so compiled networks have a process of their own.
  # shellcheck disable=SC2086
  baseline_within 150 --out "$ACCEPT_OUT/throughput-compile.json" --seconds $((seconds / 4 + 1)) \
    --threads "$threads" --compile --only compile $models
  python_within 10 "$here/../join_tables.py" "$ACCEPT_OUT"/throughput-*.json
  return "$status"
}

profile() {
  local models threads model trace iterations=10
  choose_models "lenet5:64"
  rm -f "$ACCEPT_OUT/profile.jsonl"
  for model in $models; do
    java_within 45 org.djlrunner.benchmarks.ProfiledIterations "$ACCEPT_DEVICE" "$model" bf16 \
      $iterations "$ACCEPT_OUT/trace-ours-${model%%:*}.json" || echo "exit status $?"
    baseline_within 45 --profile "$ACCEPT_OUT/trace-pytorch-${model%%:*}.json" \
      --threads "$threads" --only PYTORCH-bf16-channels-last "$model"
  done
  for trace in "$ACCEPT_OUT"/trace-*.json; do
    python_within 20 "$here/profile_trace.py" --iterations $iterations "$trace" \
      >>"$ACCEPT_OUT/profile.jsonl" || echo "exit status $?"
    python_within 20 "$here/profile_trace.py" --iterations $iterations --text "$trace" || true
  done
}

fashion() {
  local prefix=data_prefix=$ACCEPT_FASHION
  rm -rf "$ACCEPT_OUT/fashion"
  "$RUNNER_BUNDLE/runner" train "$RUNNER_BUNDLE/configs/fashion_mnist_lenet5.yaml" \
    --device "$ACCEPT_DEVICE" --work-dir "$ACCEPT_OUT/fashion" \
    --cfg-options "data.train.$prefix" "data.val.$prefix"
}

# With --quick a few iterations on noise in place of the data, wherever it runs.
cifar10() {
  local prefix=data_prefix=$ACCEPT_CIFAR10
  local options=("data.train.$prefix" "data.val.$prefix")
  rm -rf "$ACCEPT_OUT/cifar10"
  if [ -n "$ACCEPT_QUICK" ]; then
    echo "tried: noise in place of CIFAR-10"
    local noise="_delete_: true, type: FakeData, size: 32, image_size: [3, 32, 32], cache: device"
    local crop="{type: RandomCrop, size: 32, padding: 4, padding_mode: reflect}"
    options=("data.train={$noise, pipeline: [$crop, {type: RandomFlip}, {type: Cutout, shape: 8}]}"
      "data.val={$noise}" data.samples_per_gpu=8 data.val_dataloader.samples_per_gpu=8
      runner.max_epochs=1)
  fi
  "$RUNNER_BUNDLE/runner" train "$RUNNER_BUNDLE/configs/cifar10_speed.yaml" \
    --device "$ACCEPT_DEVICE" --work-dir "$ACCEPT_OUT/cifar10" --cfg-options "${options[@]}"
}

if [ "${1:-}" = --step ]; then
  "$2"
  exit
fi

# --- Options ---------------------------------------------------------------------------------

ACCEPT_OUT=accept-results ACCEPT_DEVICE=gpu ACCEPT_QUICK= ACCEPT_PYTHON=python3
ACCEPT_FASHION=${FASHION_MNIST:-} ACCEPT_CIFAR10=${CIFAR10:-}
only=$steps
while [ $# -gt 0 ]; do
  case $1 in
    --quick) ACCEPT_QUICK=1; shift; continue ;;
    --out | --only | --device | --fashion | --cifar10 | --python)
      [ $# -gt 1 ] || fail "$1 needs a value." ;;
    -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; exit 0 ;;
    *) fail "unknown option '$1'; accept.sh --help lists them." ;;
  esac
  case $1 in
    --out) ACCEPT_OUT=$2 ;;
    --only) only=${2//,/ } ;;
    --device) ACCEPT_DEVICE=$2 ;;
    --fashion) ACCEPT_FASHION=$2 ;;
    --cifar10) ACCEPT_CIFAR10=$2 ;;
    --python) ACCEPT_PYTHON=$2 ;;
  esac
  shift 2
done
for step in $only; do
  case " $steps " in *" $step "*) ;; *) fail "unknown step '$step'; there are $steps." ;; esac
done
case $ACCEPT_DEVICE in gpu | cpu) ;; *) fail "--device is '$ACCEPT_DEVICE', but must be gpu or cpu." ;; esac
command -v "$ACCEPT_PYTHON" >/dev/null || fail "no '$ACCEPT_PYTHON' found; --python names another Python 3."

RUNNER_BUNDLE=${RUNNER_BUNDLE:-$(cd "$here/../.." && pwd -P)}
[ -r "$RUNNER_BUNDLE/env.sh" ] || fail "$RUNNER_BUNDLE is no bundle: it has no env.sh." \
  "./runner bundle --cuda --checks --out DIR makes one; RUNNER_BUNDLE names it, or start DIR/checks/gpu/accept.sh."
export ACCEPT_LIBRARY_PATH=${LD_LIBRARY_PATH:-}
# shellcheck disable=SC1091  # comes with the bundle
. "$RUNNER_BUNDLE/env.sh"
export RUNNER_BUNDLE RUNNER_JAVA CHECKS_CLASSPATH

mkdir -p "$ACCEPT_OUT"
ACCEPT_OUT=$(cd "$ACCEPT_OUT" && pwd -P)
export ACCEPT_OUT ACCEPT_DEVICE ACCEPT_QUICK ACCEPT_PYTHON ACCEPT_FASHION ACCEPT_CIFAR10
: >"$ACCEPT_OUT/accept.jsonl"

# --- Run -------------------------------------------------------------------------------------

# Seconds that a step may take; on a GPU they add up to less than 25 minutes.
limit() {
  case $1 in
    doctor) echo 120 ;;
    tests) echo 270 ;;
    throughput) echo 490 ;;
    profile) echo 190 ;;
    fashion) if [ "$ACCEPT_DEVICE" = cpu ]; then echo 900; else echo 120; fi ;;
    cifar10) echo 300 ;;
  esac
}

# Why a step can't run here; nothing if it can.
obstacle() {
  case $1 in
    fashion)
      if [ -z "$ACCEPT_FASHION" ]; then
        echo "no data: --fashion DIR or FASHION_MNIST must name the folder of Fashion-MNIST's files"
      elif [ ! -r "$ACCEPT_FASHION/train-images-idx3-ubyte.gz" ]; then
        echo "no data: $ACCEPT_FASHION has no train-images-idx3-ubyte.gz"
      fi
      ;;
    cifar10)
      if [ -n "$ACCEPT_QUICK" ]; then
        return
      elif [ "$ACCEPT_DEVICE" = cpu ]; then
        echo "24 epochs of ResNet-18 take a GPU; --quick tries a few iterations"
      elif [ -z "$ACCEPT_CIFAR10" ]; then
        echo "no data: --cifar10 DIR or CIFAR10 must name the folder of CIFAR-10's files"
      elif [ -z "$(find "$ACCEPT_CIFAR10" -maxdepth 1 -name 'cifar-10-*' 2>/dev/null)" ]; then
        echo "no data: $ACCEPT_CIFAR10 has no cifar-10-batches-bin, cifar-10-batches-py or archive"
      fi
      ;;
  esac
}

all_ok=0
for step in $only; do
  started=$SECONDS status=0
  why=$(obstacle "$step")
  if [ -z "$why" ]; then
    # Results of an earlier run must not stand in for this one's.
    rm -rf "$ACCEPT_OUT/$step.log" "$ACCEPT_OUT/$step"-*.json
    [ "$step" != tests ] || rm -rf "$ACCEPT_OUT/junit"
    [ "$step" != profile ] || rm -f "$ACCEPT_OUT"/trace-*.json
    timeout -k 10 "$(limit "$step")" "$BASH" "$here/accept.sh" --step "$step" \
      >"$ACCEPT_OUT/$step.log" 2>&1 </dev/null || status=$?
  fi
  "$ACCEPT_PYTHON" "$here/figures.py" "$step" --out "$ACCEPT_OUT" --seconds $((SECONDS - started)) \
    --status "$status" --device "$ACCEPT_DEVICE" --skipped "$why" | tee -a "$ACCEPT_OUT/accept.jsonl" ||
    all_ok=1
done
exit "$all_ok"
