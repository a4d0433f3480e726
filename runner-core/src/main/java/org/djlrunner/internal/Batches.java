package org.djlrunner.internal;

/** Closes batches that hold something. */
public final class Batches {
  private Batches() {}

  /**
   * Closes a batch if it is {@link AutoCloseable}.
   *
   * @throws IllegalStateException if closing fails with a checked exception
   */
  public static void close(Object batch) {
    if (batch instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("a batch could not be closed", e);
      }
    }
  }
}
