package org.djlrunner.hook;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.djlrunner.log.CsvSink;
import org.djlrunner.log.JsonLinesSink;
import org.djlrunner.log.LogFiles;
import org.djlrunner.log.LogSink;
import org.djlrunner.log.TextLogOptions;
import org.djlrunner.log.TextSink;
import org.djlrunner.log.mlflow.MlflowOptions;
import org.djlrunner.log.mlflow.MlflowSink;
import org.djlrunner.log.tensorboard.TensorBoardSink;

/**
 * What a {@link LoggerHook} can write to: each opens its sink when a run starts.
 *
 * <p>Files are named by the run's timestamp, and no two runs share one; a run that goes on writes
 * new ones beside the old.
 */
public final class Sinks {
  private Sinks() {}

  /** The console and, with a work folder, {@code TIMESTAMP.log} there. */
  public static Function<HookContext, LogSink> text(TextLogOptions options) {
    return context -> {
      TextSink sink =
          TextSink.open(
              context.workDir().map(dir -> LogFiles.claim(dir, context.timestamp(), ".log")));
      if (context.meta().get("exp_name") instanceof String name) {
        sink.naming(name, options.intervalExpName());
      }
      options
          .copies()
          .ifPresent(
              copies -> {
                Path workDir = workDir(context, "out_dir of the text log");
                context.logs().whenClosed(() -> copies.of(workDir));
              });
      return sink;
    };
  }

  /**
   * {@code TIMESTAMP.log.json} in the work folder, one object a line; first the run's meta data, if
   * there are any.
   */
  public static Function<HookContext, LogSink> jsonLines() {
    return context -> {
      JsonLinesSink sink = JsonLinesSink.open(claim(context, "the JSON log", ".log.json"));
      return context.meta().isEmpty() ? sink : sink.describing(context.meta());
    };
  }

  /** {@code TIMESTAMP.csv} in the work folder, a row a record. */
  public static Function<HookContext, LogSink> csv() {
    return context -> CsvSink.open(claim(context, "the CSV log", ".csv"));
  }

  /**
   * Event files for TensorBoard.
   *
   * @param logDir their folder, empty for {@code tf_logs} in the work folder
   */
  public static Function<HookContext, LogSink> tensorBoard(Optional<Path> logDir) {
    return context ->
        TensorBoardSink.open(
            logDir.orElseGet(
                () -> workDir(context, "the TensorBoard log without log_dir").resolve("tf_logs")),
            Clock.systemUTC());
  }

  /** A run on an MLflow server, named by the run's timestamp. */
  public static Function<HookContext, LogSink> mlflow(MlflowOptions options) {
    return context -> MlflowSink.open(options, context.timestamp(), Clock.systemUTC());
  }

  private static Path claim(HookContext context, String what, String ending) {
    return LogFiles.claim(workDir(context, what), context.timestamp(), ending);
  }

  private static Path workDir(HookContext context, String what) {
    return context
        .workDir()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    what + " needs a work folder; give the runner's builder one"));
  }
}
