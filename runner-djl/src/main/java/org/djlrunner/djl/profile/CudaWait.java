package org.djlrunner.djl.profile;

import com.sun.jna.NativeLibrary;

/** Waits for what a GPU was given to do. */
public final class CudaWait {
  private CudaWait() {}

  /** Waits for all of it; does nothing where CUDA's runtime isn't loaded. */
  public static void forAll() {
    LoadedLibraries.find("libcudart")
        .ifPresent(
            path ->
                NativeLibrary.getInstance(path)
                    .getFunction("cudaDeviceSynchronize")
                    .invokeInt(new Object[0]));
  }
}
