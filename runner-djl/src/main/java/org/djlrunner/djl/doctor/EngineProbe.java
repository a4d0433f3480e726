package org.djlrunner.djl.doctor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DJL's PyTorch engine, loaded to see whether it does.
 *
 * @param engine null when it was not loaded
 * @param failure why it was not, null when it was
 */
record EngineProbe(@Nullable LoadedEngine engine, @Nullable String failure) {

  private static final String TOPIC = "Engine";

  /** Does not load it where an error was found before: DJL might download libraries instead. */
  static EngineProbe examine(Machine machine, boolean safeToLoad) {
    if (!safeToLoad) {
      return new EngineProbe(null, "not loaded, because of the error above");
    }
    try {
      return new EngineProbe(machine.loadEngine(), null);
    } catch (LinkageError | RuntimeException | AssertionError e) {
      return new EngineProbe(null, causes(e));
    }
  }

  boolean hasCuda() {
    return engine != null && engine.features().contains("CUDA");
  }

  List<Finding> findings(Machine machine, boolean safeToLoad) {
    LoadedEngine loaded = engine;
    if (loaded == null) {
      return List.of(
          safeToLoad
              ? Finding.error(
                  TOPIC,
                  "libtorch does not load: " + failure,
                  "look at the last cause first; a library it names must be installed")
              : Finding.note(TOPIC, failure == null ? "not loaded" : failure));
    }
    return List.of(
        Finding.ok(TOPIC, "PyTorch " + loaded.version() + ", from " + loaded.folder()),
        Finding.ok(
            "Threads",
            "%d cores; libtorch uses %d inside an operation, %d between operations"
                .formatted(
                    machine.processors(), loaded.intraOpThreads(), loaded.interOpThreads())));
  }

  /** The messages of an exception and of its causes, outermost first. */
  private static String causes(Throwable top) {
    List<String> messages = new ArrayList<>();
    for (Throwable t = top; t != null && messages.size() < 5; t = t.getCause()) {
      String message = t.getMessage();
      messages.add(message == null ? t.getClass().getSimpleName() : message);
    }
    return String.join(": ", messages);
  }
}
