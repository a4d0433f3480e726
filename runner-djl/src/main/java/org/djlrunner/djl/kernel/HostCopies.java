package org.djlrunner.djl.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies from the host to a device that the host doesn't wait for.
 *
 * <p>They start from arrays made here, which are page-locked if the device is a GPU. Such an array
 * may be closed as soon as its copy is started: libtorch notes the copy with the memory and gives
 * the memory out again only when the GPU is done with it. What must not happen before that is
 * writing to it; so an array is written once, copied once and closed.
 *
 * <p>A copy goes to the stream that the model computes on. So it comes before all that is computed
 * from its result, whichever thread asked for it.
 */
public final class HostCopies implements AutoCloseable {
  /** DJL's switch, for serving several requests at a time. */
  static final String STREAMS = "ai.djl.pytorch.enable_cuda_stream";

  private final ScriptModule script;
  private final NDArray there;
  private final boolean pinned;

  /**
   * Copies to a device.
   *
   * @param parent of the device; owns what is needed for copying
   * @throws IllegalStateException if DJL was told to spread calls over several streams
   */
  public HostCopies(NDManager parent) {
    pinned = parent.getDevice().isGpu();
    requireOneStream(pinned);
    script = new ScriptModule(ScriptModule.source("copies.py"), parent);
    there = parent.create(0f);
  }

  /**
   * An array of the host to be written and copied; its contents are arbitrary. Any thread may ask.
   *
   * @param owner of the CPU
   * @param type uint8, int32 or int64
   */
  public NDArray hostArray(NDManager owner, Shape shape, DataType type) {
    if (!owner.getDevice().equals(Device.cpu())) {
      throw new IllegalArgumentException("an array of the host can't be on " + owner.getDevice());
    }
    try (IValue size = IValue.listFrom(shape.getShape());
        IValue dtype = IValue.from(code(type));
        IValue lock = IValue.from(pinned);
        IValue array = IValueUtils.runMethod(script.block(), "host_array", size, dtype, lock)) {
      return array.toTensor((PtNDManager) owner);
    }
  }

  /**
   * Starts copying arrays of the host. One thread at a time may ask.
   *
   * @param owner owns the result
   * @param arrays made by {@link #hostArray}, or views of such arrays
   * @return the copies on the device, ready for whatever is computed from now on
   */
  public NDList toDevice(NDManager owner, NDArray... arrays) {
    List<NDArray> all = new ArrayList<>(List.of(arrays));
    all.add(0, there);
    NDList copies = script.call("to_device", all);
    copies.attach(owner);
    return copies;
  }

  @Override
  public void close() {
    script.close();
    there.close();
  }

  /** What is computed from a copy must come behind it; on another stream it need not. */
  static void requireOneStream(boolean gpu) {
    if (gpu && Boolean.getBoolean(STREAMS)) {
      throw new IllegalStateException(
          "-D" + STREAMS + "=true lets calls overtake each other; training needs it to be false");
    }
  }

  private static long code(DataType type) {
    return switch (type) {
      case UINT8 -> 0;
      case INT32 -> 3;
      case INT64 -> 4;
      default -> throw new IllegalArgumentException("expected uint8, int32 or int64, got " + type);
    };
  }
}
