# All settings of this bundle; source it from bash. Returns 1 where there is no Java for it.
#
#   RUNNER_BUNDLE         this folder
#   RUNNER_JAVA           the java to use: jre/ if it is there, else JAVA_HOME, else the one in PATH
#   RUNNER_JAVA_FLAGS     flags for it, separated by blanks
#   RUNNER_CLASSPATH      the library and its command line
#   CHECKS_CLASSPATH      the same with tests and benchmarks, where the bundle has them
#   RUNNER_FLAVOR         what native/ is built for: cpu or cu121
# and what DJL, libtorch and the loader read.

RUNNER_BUNDLE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
export RUNNER_BUNDLE
export RUNNER_FLAVOR=@FLAVOR@
export RUNNER_CLASSPATH="$RUNNER_BUNDLE/lib/*"
export CHECKS_CLASSPATH="$RUNNER_BUNDLE/checks/lib/*:$RUNNER_CLASSPATH"

@SETTINGS@
export RUNNER_JAVA_FLAGS

# --- Java ------------------------------------------------------------------------------------

if [ -x "$RUNNER_BUNDLE/jre/bin/java" ]; then
  RUNNER_JAVA=$RUNNER_BUNDLE/jre/bin/java
elif [ -n "${JAVA_HOME:-}" ]; then
  RUNNER_JAVA=$JAVA_HOME/bin/java
else
  RUNNER_JAVA=$(command -v java || true)
fi
if [ ! -x "$RUNNER_JAVA" ]; then
  echo "runner: no Java: this bundle has no jre/, and neither JAVA_HOME nor PATH has one." >&2
  echo "runner: install a JRE 17 or newer, or make the bundle with --jre." >&2
  return 1 2>/dev/null || exit 1
fi
runner_release=$(dirname "$(dirname "$(readlink -f "$RUNNER_JAVA")")")/release
runner_major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$runner_release" 2>/dev/null || true)
if [ -n "$runner_major" ] && [ "$runner_major" -lt 17 ]; then
  echo "runner: $RUNNER_JAVA is Java $runner_major, but 17 or newer is needed." >&2
  return 1 2>/dev/null || exit 1
fi
# From 22 Java warns about native libraries unless they are allowed.
if [ "${runner_major:-17}" -ge 22 ]; then
  RUNNER_JAVA_FLAGS="$RUNNER_JAVA_FLAGS --enable-native-access=ALL-UNNAMED"
fi
export RUNNER_JAVA
unset runner_release runner_major

# --- libtorch --------------------------------------------------------------------------------

export PYTORCH_LIBRARY_PATH=$RUNNER_BUNDLE/native PYTORCH_FLAVOR=$RUNNER_FLAVOR PYTORCH_VERSION=@VERSION@
export DJL_OFFLINE=true OPT_OUT_TRACKING=true

# Puts a folder at the head of LD_LIBRARY_PATH, once.
runner_reach() {
  case :${LD_LIBRARY_PATH:-}: in
    *":$1:"*) ;;
    *) export LD_LIBRARY_PATH=$1${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} ;;
  esac
}

# Succeeds when the loader finds the driver's library, if need be with a folder more.
runner_driver() {
  local folder IFS=:
  for folder in ${LD_LIBRARY_PATH:-} /lib64 /usr/lib64 /lib /usr/lib; do
    [ ! -e "$folder/libcuda.so.1" ] || return 0
  done
  if { /sbin/ldconfig -p || ldconfig -p; } 2>/dev/null | grep 'libcuda\.so\.1 ' >/dev/null; then
    return 0
  fi
  # Where containers, WSL and some distributions put it; the doctor's CudaDriver.UNUSUAL is the same.
  for folder in /usr/lib/wsl/lib /usr/local/nvidia/lib64 /usr/local/nvidia/lib \
    /usr/lib/x86_64-linux-gnu /run/opengl-driver/lib; do
    if [ -e "$folder/libcuda.so.1" ]; then
      runner_reach "$folder"
      return 0
    fi
  done
  return 1
}

if [ "$RUNNER_FLAVOR" != cpu ]; then
  # A pruned native has nothing to compile for the GPU with.
  unset CUDA_FORCE_PTX_JIT
  # Without a driver libcaffe2_nvrtc.so does not load; as flavour "cpu" DJL leaves it out.
  runner_driver || export PYTORCH_FLAVOR=cpu
  # DJL counts GPUs through a library called libcudart.so. Behind the driver's folder, to come before it.
  runner_reach "$RUNNER_BUNDLE/native/cudart"
fi
unset -f runner_reach runner_driver
