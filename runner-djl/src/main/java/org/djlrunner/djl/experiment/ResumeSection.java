package org.djlrunner.djl.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.djlrunner.checkpoint.CheckpointException;
import org.djlrunner.checkpoint.CheckpointStore;
import org.djlrunner.checkpoint.CheckpointStore.Candidate;
import org.djlrunner.checkpoint.ResumeFrom;
import org.djlrunner.checkpoint.ResumeFrom.Hyperparameters;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.WeightLoading;

/**
 * What a run begins with: {@code resume_from}, {@code auto_resume} and {@code load_from}, in this
 * order of precedence.
 *
 * @param resumeFrom a checkpoint to go on from
 * @param auto whether to go on from the newest whole checkpoint of the work folder, if there is one
 * @param loadFrom a file of weights to begin with
 * @param loading how they find their places
 * @param optimizers whether a resumed run's optimizers go on with their states
 * @param hyperparameters whose options of optimizers count after a resume
 */
record ResumeSection(
    Optional<Path> resumeFrom,
    boolean auto,
    Optional<Path> loadFrom,
    WeightLoading loading,
    boolean optimizers,
    Hyperparameters hyperparameters) {
  /**
   * Reads {@code resume_from}, {@code load_from} (files that must be there), {@code auto_resume}
   * (default false) and {@code resume_config}: {@code resume_optimizer} (default true), {@code
   * hyperparameters} ({@code config} or {@code checkpoint}, default config), and {@code
   * load_config} ({@link LoadSection}).
   */
  static ResumeSection read(ConfigReader root) {
    Optional<Path> resumeFrom = file(root, "resume_from");
    Optional<Path> loadFrom = file(root, "load_from");
    boolean auto = root.bool("auto_resume", false);
    Optional<ConfigReader> options = root.optionalSection("resume_config");
    boolean optimizers = options.map(o -> o.bool("resume_optimizer", true)).orElse(true);
    Hyperparameters hyperparameters =
        options.map(ResumeSection::hyperparameters).orElse(Hyperparameters.CONFIG);
    options.ifPresent(
        o ->
            o.require(
                optimizers || hyperparameters == Hyperparameters.CONFIG,
                "hyperparameters",
                "checkpoint means the options of optimizers, which resume_optimizer: false leaves"
                    + " aside; leave one of them out"));
    options.ifPresent(ConfigReader::finish);
    return new ResumeSection(
        resumeFrom, auto, loadFrom, LoadSection.read(root), optimizers, hyperparameters);
  }

  /**
   * What a run goes on from; empty if it begins.
   *
   * @param folder where its checkpoints are
   * @param codec reads them
   * @param warnings told of each newer checkpoint that is damaged
   * @throws CheckpointException if the folder can't be read
   */
  Optional<ResumeFrom> source(Path folder, CheckpointCodec codec, Consumer<String> warnings) {
    Optional<Path> file =
        resumeFrom.isEmpty() && auto ? newest(folder, codec, warnings) : resumeFrom;
    return file.map(path -> new ResumeFrom(path, optimizers, hyperparameters));
  }

  private static Optional<Path> newest(
      Path folder, CheckpointCodec codec, Consumer<String> warnings) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try {
      return new CheckpointStore(folder).newestValid(codec, warnings).map(Candidate::file);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot look for checkpoints in " + folder + ": " + e.getMessage(), e);
    }
  }

  private static Optional<Path> file(ConfigReader root, String key) {
    Optional<Path> named = Optional.ofNullable(root.stringOrNull(key)).map(Path::of);
    if (named.isEmpty()) {
      return named;
    }
    Path file = named.get();
    try {
      file = CheckpointStore.meantBy(file);
    } catch (IOException e) {
      root.error(key, String.valueOf(e.getMessage()));
      return named;
    }
    root.require(
        Files.isRegularFile(file),
        key,
        "there is no file "
            + file
            + "; name a checkpoint or a run's folder, or leave "
            + key
            + " out");
    return Optional.of(file);
  }

  private static Hyperparameters hyperparameters(ConfigReader options) {
    String word = options.string("hyperparameters", "config");
    return Arrays.stream(Hyperparameters.values())
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseGet(
            () -> {
              options.error("hyperparameters", "must be config or checkpoint, got '" + word + "'");
              return Hyperparameters.CONFIG;
            });
  }
}
