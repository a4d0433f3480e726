package org.djlrunner.djl.data.transform;

import nu.pattern.OpenCV;
import org.djlrunner.djl.data.DataException;
import org.opencv.core.Core;

/** Loads OpenCV's native library when the first image needs it. */
final class OpenCvNative {
  private OpenCvNative() {}

  private static final class Loaded {
    static final boolean LOADED = load();

    private static boolean load() {
      OpenCV.loadLocally();
      // The loader's workers are the threads, one sample each.
      Core.setNumThreads(1);
      return true;
    }
  }

  /**
   * Loads it, once a JVM.
   *
   * @throws DataException if it can't be loaded here
   */
  static void require() {
    try {
      if (!Loaded.LOADED) {
        throw new IllegalStateException("loading has not ended");
      }
    } catch (LinkageError | RuntimeException e) {
      throw new DataException(
          "OpenCV, which decodes and resizes images, can't be loaded ("
              + (e.getCause() == null ? e : e.getCause())
              + "); its native library is unpacked to java.io.tmpdir, "
              + System.getProperty("java.io.tmpdir")
              + ", which needs 70 MB of room and must allow execution",
          e);
    }
  }
}
