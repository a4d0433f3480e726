package org.djlrunner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.checkpoint.ResumeFrom;
import org.djlrunner.checkpoint.ResumePoint;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.MemoryGauge;
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
 * @param memoryGauge how the engine tells the memory in use on its device, if it can
 * @param meta what describes the run
 * @param ticker elapsed time
 * @param maxDuration how long the run may take, if that is limited
 * @param start where the run begins unless it resumes
 * @param resume the checkpoint that it goes on from, if any
 * @param worldSize processes that train together, at least 1
 */
public record RunSettings(
    Map<String, Optimizer> optimizers,
    Optional<Path> workDir,
    String timestamp,
    Optional<CheckpointCodec> checkpointCodec,
    Optional<Snapshots> snapshots,
    Optional<MemoryGauge> memoryGauge,
    Map<String, Object> meta,
    Ticker ticker,
    Optional<Duration> maxDuration,
    ResumePoint start,
    Optional<ResumeFrom> resume,
    int worldSize) {
  /** Keeps its own ordered copies. */
  public RunSettings {
    optimizers = Collections.unmodifiableMap(new LinkedHashMap<>(optimizers));
    meta = Collections.unmodifiableMap(new LinkedHashMap<>(meta));
  }
}
