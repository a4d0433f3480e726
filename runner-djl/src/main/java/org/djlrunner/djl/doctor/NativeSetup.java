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

  private NativeSetup() {}

  /**
   * Does what has not been done yet; call it before anything of DJL's that loads its engine.
   *
   * <p>May unpack 4.2 GB, once a machine. Never throws: a failure is logged, and DJL goes on as it
   * would have.
   */
  public static synchronized void prepare() {
    BundledCudart.offer();
    CpuStart.offer();
  }
}
