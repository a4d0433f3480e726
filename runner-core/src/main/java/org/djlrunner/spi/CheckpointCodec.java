package org.djlrunner.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How an engine writes its model and optimizers to one file, and reads them back. */
public interface CheckpointCodec {
  /** The file name's ending, without a dot, such as {@code safetensors}. */
  String extension();

  /**
   * Copies what a checkpoint holds, so that training can go on before it is written.
   *
   * @param optimizers those whose state is to be kept, by name; none for weights alone
   */
  Capture capture(Map<String, Optimizer> optimizers);

  /**
   * Reads what {@link Capture#write} was given, without the model's data.
   *
   * @throws IOException if the file can't be read, is not whole, or isn't of this format; the
   *     message says which
   */
  Map<String, Object> readMeta(Path file) throws IOException;

  /**
   * Looks whether a file is whole and unchanged since it was written, from end to end.
   *
   * @throws IOException if it isn't; the message says where
   */
  void verify(Path file) throws IOException;

  /**
   * Copies all of a file's weights into the model; of a file with averaged weights, the averages.
   *
   * @throws IOException if the file can't be read or doesn't fit the model, which is unchanged then
   */
  default void loadWeights(Path file) throws IOException {
    loadWeights(file, WeightLoading.STRICT);
  }

  /**
   * Copies weights of a file, not necessarily a run's, into the model.
   *
   * @return what was missing, misshapen or unexpected, a sentence each; nothing if strict
   * @throws IOException if the file can't be read, does not fit where it must, or nothing of it
   *     does; the model is unchanged then
   */
  List<String> loadWeights(Path file, WeightLoading loading) throws IOException;

  /**
   * Puts model and optimizers back to where they were.
   *
   * @param optimizers by name; none leaves their states aside
   * @param hyperparameters whether the groups' options, such as the learning rate, come from the
   *     file too
   * @return the options in which file and optimizers differ, a sentence each
   * @throws IOException if the file can't be read or doesn't fit; nothing is changed then
   */
  List<String> restore(Path file, Map<String, Optimizer> optimizers, boolean hyperparameters)
      throws IOException;

  /** A copy of the state, which lives on the device until it is written and closed. */
  interface Capture extends AutoCloseable {
    /**
     * Writes it whole to a new file; the caller makes the write atomic. May be called from any
     * thread.
     *
     * @param file where to write; does not exist yet
     * @param meta the run's state and description as JSON-like data: text, numbers, booleans, null,
     *     lists and maps
     * @throws IOException if the file can't be written
     */
    void write(Path file, Map<String, ?> meta) throws IOException;

    /** Frees the copy. */
    @Override
    void close();
  }
}
