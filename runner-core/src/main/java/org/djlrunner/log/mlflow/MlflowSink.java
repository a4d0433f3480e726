package org.djlrunner.log.mlflow;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.djlrunner.log.Tags;
import org.jspecify.annotations.Nullable;

/**
 * A log on an MLflow server: a run with tags and params, and a metric for each of the {@link Tags},
 * at the training iterations behind the record.
 *
 * <p>All calls are made from a thread of their own. A server that is down, refuses or hangs costs
 * the values that don't reach it, and a bounded time at the end of the run; nothing else. The run
 * is marked FINISHED, or FAILED if it ended with an exception.
 */
public final class MlflowSink implements LogSink {
  /** Some hours of records. */
  private static final int CAPACITY = 100_000;

  /** The id of the experiment that every server has. */
  private static final String DEFAULT_EXPERIMENT = "0";

  private final Clock clock;
  private final Courier<Measurement> courier;
  private volatile String status = "FINISHED";

  private MlflowSink(MlflowOptions options, String runName, Clock clock) {
    this.clock = clock;
    this.courier =
        new Courier<>(
            "the MLflow server at " + options.uri(),
            new Calls(options, runName),
            MlflowApi.MAX_METRICS,
            CAPACITY,
            options.patience().retryDelay(),
            options.patience().close());
  }

  /**
   * Begins a run, without waiting for the server.
   *
   * @param runName the run's name
   * @param clock dates the run and its values
   */
  public static MlflowSink open(MlflowOptions options, String runName, Clock clock) {
    return new MlflowSink(options, runName, clock);
  }

  @Override
  public void write(LogRecord record) {
    long now = clock.millis();
    Tags.of(record)
        .forEach(
            (tag, value) -> courier.send(Measurement.of(tag, value, now, record.finishedIters())));
  }

  @Override
  public void failed(Throwable failure) {
    status = "FAILED";
  }

  @Override
  public void close() {
    courier.close();
  }

  /** Values that won't reach the server. */
  int lost() {
    return courier.lost();
  }

  /** The calls in their order; those done are not made again when a later one is tried anew. */
  private final class Calls implements Courier.Delivery<Measurement> {
    private final MlflowOptions options;
    private final MlflowApi api;
    private final String runName;
    private final long startMillis = clock.millis();
    private @Nullable String runId;
    private boolean described;

    Calls(MlflowOptions options, String runName) {
      this.options = options;
      this.api = new MlflowApi(options.uri(), options.patience().request());
      this.runName = runName;
    }

    @Override
    public void deliver(List<Measurement> batch) throws IOException, InterruptedException {
      String run = run();
      if (!described) {
        api.logParams(run, options.params());
        described = true;
      }
      if (!batch.isEmpty()) {
        api.logMetrics(run, batch);
      }
    }

    @Override
    public void end() throws IOException, InterruptedException {
      api.endRun(run(), status, clock.millis());
    }

    private String run() throws IOException, InterruptedException {
      String run = runId;
      if (run == null) {
        Optional<String> name = options.experiment();
        String experiment = name.isPresent() ? api.experiment(name.get()) : DEFAULT_EXPERIMENT;
        run = api.createRun(experiment, runName, startMillis, options.tags());
        runId = run;
      }
      return run;
    }
  }
}
