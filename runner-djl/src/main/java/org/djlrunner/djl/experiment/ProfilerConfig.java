package org.djlrunner.djl.experiment;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.NearNames;
import org.djlrunner.djl.profile.CudaWait;
import org.djlrunner.djl.profile.ProfileFiles;
import org.djlrunner.djl.profile.ProfileOptions;
import org.djlrunner.djl.profile.ProfileOptions.Activity;
import org.djlrunner.djl.profile.ProfileSchedule;
import org.djlrunner.djl.profile.ProfileSettings;
import org.djlrunner.djl.profile.ProfilerHook;
import org.jspecify.annotations.Nullable;

/** Reads the profiler's options, in MMCV's words. */
final class ProfilerConfig {
  private static final String READY = "on_trace_ready";
  private static final String LOG = "log_trace";
  private static final String TENSOR_BOARD = "tb_trace";

  private ProfilerConfig() {}

  /**
   * Reads {@code by_epoch} (true), {@code profile_iters} (1), {@code activities} ([cpu, cuda]),
   * {@code schedule}, {@code on_trace_ready}, {@code record_shapes}, {@code profile_memory}, {@code
   * json_trace_path}.
   */
  static HookSpec read(ConfigReader config) {
    int before = config.problems();
    boolean byEpoch = config.bool("by_epoch", true);
    int count = config.integer("profile_iters", 1);
    config.require(count >= 1, "profile_iters", "must be at least 1, got " + count);
    Set<Activity> activities = activities(config);
    boolean shapes = config.bool("record_shapes", false);
    boolean memory = config.bool("profile_memory", false);
    config.require(
        !config.bool("with_stack", false),
        "with_stack",
        "libtorch knows the stacks of Python only; leave it out");
    config.require(
        !config.bool("with_flops", false),
        "with_flops",
        "libtorch's traces hold no FLOPs; leave it out, record_shapes: true has what they follow"
            + " from");
    Optional<ProfileSchedule> schedule =
        config.optionalSection("schedule").flatMap(ProfilerConfig::schedule);
    Optional<Path> json = path(config.stringOrNull("json_trace_path"));
    Optional<ConfigReader> ready = config.optionalSection(READY);
    Optional<Path> tensorBoard = ready.flatMap(ProfilerConfig::tensorBoard);
    boolean table = ready.filter(r -> r.string("type", "").equals(LOG)).isPresent();
    if (config.problems() > before) {
      return parts -> {
        throw new IllegalStateException("the config was refused");
      };
    }
    ProfileSettings settings =
        new ProfileSettings(
            byEpoch ? Every.epochs(count) : Every.iters(count),
            new ProfileOptions(activities, shapes, memory),
            schedule.orElse(ProfileSchedule.ALWAYS),
            new ProfileFiles(json, tensorBoard),
            table);
    return parts ->
        new ProfilerHook(
            settings, parts.model().manager().getDevice().isGpu() ? CudaWait::forAll : () -> {});
  }

  private static Set<Activity> activities(ConfigReader config) {
    Set<Activity> activities = EnumSet.noneOf(Activity.class);
    List<String> known = List.of("cpu", "cuda");
    List<String> names = config.strings("activities", known);
    for (String name : names) {
      if (known.contains(name.toLowerCase(Locale.ROOT))) {
        activities.add(Activity.valueOf(name.toUpperCase(Locale.ROOT)));
      } else {
        config.error(
            "activities",
            "unknown activity '" + name + "'" + NearNames.suggestion(name, known) + "; cpu, cuda");
      }
    }
    config.require(!names.isEmpty(), "activities", "must hold cpu, cuda or both, got none");
    return activities;
  }

  private static Optional<ProfileSchedule> schedule(ConfigReader config) {
    int before = config.problems();
    int skipFirst = count(config, "skip_first", 0, 0);
    config.require(config.has("wait"), "wait", "missing; expected iterations to pass over");
    config.require(config.has("warmup"), "warmup", "missing; expected iterations to get ready in");
    config.require(config.has("active"), "active", "missing; expected iterations to record");
    int wait = count(config, "wait", 0, 0);
    int warmup = count(config, "warmup", 0, 0);
    int active = count(config, "active", 1, 1);
    int repeat = count(config, "repeat", 0, 0);
    config.finish();
    return config.problems() > before
        ? Optional.empty()
        : Optional.of(new ProfileSchedule(skipFirst, wait, warmup, active, repeat));
  }

  private static int count(ConfigReader config, String key, int fallback, int least) {
    int value = config.integer(key, fallback);
    config.require(value >= least, key, "must be at least " + least + ", got " + value);
    return value;
  }

  private static Optional<Path> tensorBoard(ConfigReader ready) {
    String type = ready.string("type");
    List<String> known = List.of(LOG, TENSOR_BOARD);
    ready.require(
        known.contains(type) || !ready.has("type"),
        "type",
        "unknown type '" + type + "'" + NearNames.suggestion(type, known) + "; " + known);
    Optional<Path> folder =
        type.equals(TENSOR_BOARD)
            ? Optional.of(Path.of(ready.string("dir_name", "tf_tracing_logs")))
            : Optional.empty();
    if (known.contains(type)) {
      ready.finish();
    }
    return folder;
  }

  private static Optional<Path> path(@Nullable String text) {
    return Optional.ofNullable(text).map(Path::of);
  }
}
