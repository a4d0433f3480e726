package org.djlrunner.djl.doctor;

/**
 * What DJL needs before its engine starts, so that it takes the native it was given.
 *
 * <ul>
 *   <li>{@link BundledCudart}: with a GPU, the CUDA runtime under the name DJL counts GPUs by
 *   <li>{@link CpuStart}: without one, a CUDA native runs on the CPU instead of being passed over
 * </ul>
 */
public final class NativeSetup {

  private static boolean done;

  private NativeSetup() {}

  /**
   * Does what has not been done yet; call it before anything of DJL's that loads its engine.
   *
   * <p>May unpack 4.2 GB, once a machine. Later calls in the same JVM do nothing: by then DJL has
   * its native. That DJL may count no GPU is only logged.
   *
   * @throws IllegalStateException if a CUDA native that has to run on the CPU can't be unpacked:
   *     DJL would silently download another one; the message says what to do
   */
  public static synchronized void prepare() {
    if (!done) {
      BundledCudart.offer();
      CpuStart.offer();
      done = true;
    }
  }
}
