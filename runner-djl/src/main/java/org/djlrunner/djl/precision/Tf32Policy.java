package org.djlrunner.djl.precision;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a GPU may round the factors of float32 products to 10 bits of mantissa (TF32), for speed.
 *
 * <p>DJL has no word for it. libtorch and NVIDIA's libraries take it from the environment when they
 * are loaded, so a process can only find out what it was started with.
 *
 * @param convolutions whether cuDNN's convolutions may; libtorch's default is yes
 * @param products whether cuBLAS's matrix products may; libtorch's default is no
 */
public record Tf32Policy(boolean convolutions, boolean products) {
  /** Neither: what a CPU does, and GPUs before Ampere. */
  public static final Tf32Policy NONE = new Tf32Policy(false, false);

  /** What libtorch does if nobody says anything. */
  public static final Tf32Policy DEFAULT = new Tf32Policy(true, false);

  /** {@code 0} forbids it to all of NVIDIA's libraries. */
  private static final String NVIDIA = "NVIDIA_TF32_OVERRIDE";

  /** {@code 1} allows it to libtorch's matrix products. */
  private static final String CUBLAS = "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE";

  private static final int AMPERE = 80;

  /** What holds on a device of this process. */
  public static Tf32Policy of(Device device) {
    boolean hasTf32 =
        device.isGpu()
            && Integer.parseInt(CudaUtils.getComputeCapability(device.getDeviceId())) >= AMPERE;
    return hasTf32 ? of(System.getenv()) : NONE;
  }

  /** What holds on a GPU with TF32 under an environment. */
  static Tf32Policy of(Map<String, String> environment) {
    if ("0".equals(environment.get(NVIDIA))) {
      return NONE;
    }
    return new Tf32Policy(true, "1".equals(environment.get(CUBLAS)));
  }

  /**
   * Refuses a wish that this process can't fulfil any more.
   *
   * @param wish true for both, false for neither, null for whatever there is
   * @throws IllegalArgumentException with what to set in the environment
   */
  public void require(@Nullable Boolean wish) {
    if (wish == null || this.equals(new Tf32Policy(wish, wish))) {
      return;
    }
    throw new IllegalArgumentException(
        String.format(
            "%s was asked for, but in this process TF32 is used by %s: libtorch reads that from the"
                + " environment when it is loaded. %s, or leave out allow_tf32",
            wish,
            this,
            wish
                ? "Start it with " + CUBLAS + "=1 and without " + NVIDIA
                : "Start it with " + NVIDIA + "=0"));
  }

  /** For a run's description. */
  public Map<String, Object> describe() {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("convolutions", convolutions);
    description.put("products", products);
    return description;
  }

  /** For people, such as {@code convolutions, not products}. */
  @Override
  public String toString() {
    if (convolutions) {
      return products ? "convolutions and products" : "convolutions, not products";
    }
    return products ? "products, not convolutions" : "neither convolutions nor products";
  }
}
