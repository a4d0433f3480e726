package org.djlrunner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.Snapshots;

/**
 * What a {@link RunnerBuilder} hands to the runner it builds.
 *
 * @param optimizers by name, in order
 * @param workDir where files go, if anywhere
 * @param timestamp name of the run's files
 * @param checkpointCodec how the engine writes checkpoints, if it can
 * @param snapshots how the engine copies the model's state, if it can
 * @param meta what describes the run
 * @param ticker elapsed time
 * @param maxDuration how long the run may take, if that is limited
 * @param start the counters that the run begins with
 */
public record RunSettings(
    Map<String, Optimizer> optimizers,
    Optional<Path> workDir,
    String timestamp,
    Optional<CheckpointCodec> checkpointCodec,
    Optional<Snapshots> snapshots,
    Map<String, Object> meta,
    Ticker ticker,
    Optional<Duration> maxDuration,
    Progress start) {
  /** Keeps its own ordered copies. */
  public RunSettings {
    optimizers = Collections.unmodifiableMap(new LinkedHashMap<>(optimizers));
    meta = Collections.unmodifiableMap(new LinkedHashMap<>(meta));
  }
}
