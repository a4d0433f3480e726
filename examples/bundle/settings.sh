# What every JVM that trains is started with; sourced by ./runner and by a bundle's env.sh.

# Throughput counts here, not pauses; big data lies outside the heap anyway. OPT_OUT_TRACKING keeps
# DJL from calling home.
RUNNER_JAVA_FLAGS="-XX:+IgnoreUnrecognizedVMOptions -XX:+UseParallelGC -Dfile.encoding=UTF-8 \
-Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 -Djava.awt.headless=true -DOPT_OUT_TRACKING=true"
# libtorch's threads (libgomp) wait for each other in loops. Where another program takes a core, a
# long wait burns the very time that the other thread lacks: iterations then take up to 80 times
# as long. A short one costs about a tenth on an idle machine and small networks (decision 005).
if [ -z "${OMP_WAIT_POLICY:-}" ]; then
  export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-2000}
fi
# Else glibc gives freed batches back to the system and faults them in again every iteration.
export MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-1073741824}
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-33554432}
export MALLOC_MMAP_MAX_=${MALLOC_MMAP_MAX_:-0}
# CUDA reads a kernel when it is first used, not all of them at the start.
export CUDA_MODULE_LOADING=${CUDA_MODULE_LOADING:-LAZY}
