package org.djlrunner.djl.kernel;

import java.io.IOException;
import java.util.Optional;

/** A TorchScript module that methods can be added to. */
@FunctionalInterface
public interface ScriptSource {
  /**
   * The archive of a module with these methods.
   *
   * @param methods their text, indented by two spaces, in libtorch's serialised form; they declare
   *     their own object by {@link ScriptModule#SELF}
   * @throws IOException if the module can't be read
   */
  byte[] archive(String methods) throws IOException;

  /**
   * The method that makes the module forget what a call that failed has left in it; takes any
   * arrays. Empty where calls leave nothing.
   */
  default Optional<String> release() {
    return Optional.empty();
  }
}
