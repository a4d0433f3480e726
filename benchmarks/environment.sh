# What all peers are measured with; source it.

# glibc gives freed memory back to the system and faults it in again every iteration, and maps
# arrays of more than 32 MB anew each time; either can double an iteration's time. All peers are
# measured without, PyTorch too.
export MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-4294967296}
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-33554432}
export MALLOC_MMAP_MAX_=${MALLOC_MMAP_MAX_:-0}
# libtorch's workers spin while they wait; on a busy machine that is what they wait for.
export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-2000}
