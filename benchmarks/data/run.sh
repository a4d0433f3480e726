#!/usr/bin/env bash
# Images a second and core: our pipeline, DJL's ImageFolder and torchvision on the same photos.
#
#   ./benchmarks/data/run.sh PHOTOS.tar /usr/bin/python3
#
# The tar holds train/CLASS/NAME.jpg. torchvision runs before and behind ours, each with one thread;
# its better figure counts. About 3 minutes and the build.
set -euo pipefail

tar=$(realpath "${1:?"the photos: a tar of train/CLASS/NAME.jpg"}")
python=${2:-python3}
here=$(cd "$(dirname "$0")" && pwd -P)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tar xf "$tar" -C "$folder"

source "$here/../environment.sh"
export OMP_NUM_THREADS=1
"$here/../run" --build-only
first=$("$python" "$here/torchvision_pipeline.py" "$folder/train" | tail -n 1)
RUNNER_JAVA_OPTS="${RUNNER_JAVA_OPTS:-} -Dphotos=$folder/train" \
  "$here/../run" ImagePipelines -rf csv -rff "$folder/jmh.csv" | grep -E '^(Iteration|# Bench)'
second=$("$python" "$here/torchvision_pipeline.py" "$folder/train" | tail -n 1)
echo "$first (before), $second (behind)"
"$python" - "$folder/jmh.csv" "$first" "$second" <<'PYTHON'
import csv, sys

rows = {r["Benchmark"].rsplit(".", 1)[1]: float(r["Score"]) for r in csv.DictReader(open(sys.argv[1]))}
torchvision = max(float(line.split()[1]) for line in sys.argv[2:])
for name, score in sorted(rows.items()):
    print(f"{name} {score:,.0f} images/s")
ours = rows["photosOurs"]
print(f"ratio photos ours/djl={ours / rows['photosDjl']:.2f} ours/torchvision={ours / torchvision:.2f}")
PYTHON
