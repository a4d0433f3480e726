#!/usr/bin/env bash
# Starts djl-runner's command line from a bundle: no Maven, no network.
#
#   DIR/runner doctor
#   DIR/runner train DIR/configs/quickstart.yaml
#
# Environment, all optional: JAVA_HOME (where the bundle has no jre/), RUNNER_JAVA_OPTS.
set -euo pipefail

script=$(readlink -f "$0")
# shellcheck source=bundle/env.sh
source "${script%/*}/env.sh"
case ${1:-} in
  --cpu | --cuda)
    echo "runner: this bundle holds libtorch for ${RUNNER_FLAVOR}; $1 chooses in a checkout only." >&2
    echo "runner: to train on the CPU: --device cpu" >&2
    exit 2
    ;;
esac
# shellcheck disable=SC2086  # both hold several flags
exec "$RUNNER_JAVA" $RUNNER_JAVA_FLAGS ${RUNNER_JAVA_OPTS:-} -cp "$RUNNER_CLASSPATH" \
  org.djlrunner.examples.RunnerCli "$@"
