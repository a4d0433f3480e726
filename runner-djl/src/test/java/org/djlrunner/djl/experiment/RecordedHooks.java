package org.djlrunner.djl.experiment;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.data.Glyphs;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.Normalization;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.profile.ProfilerHook;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.DistSamplerSeedHook;
import org.djlrunner.hook.EmaHook;
import org.djlrunner.hook.EmptyCacheHook;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Hooks;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.MomentumUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.SyncBuffersHook;
import org.djlrunner.spi.Optimizer;

/** The hooks of recorded cases in our types, and configs as readers see them. */
final class RecordedHooks implements AutoCloseable {
  /** Our class for each of MMCV's that we have. */
  static final Map<String, Class<? extends Hook>> OURS =
      Map.ofEntries(
          Map.entry("OptimizerHook", OptimizerHook.class),
          Map.entry("GradientCumulativeOptimizerHook", OptimizerHook.class),
          Map.entry("CheckpointHook", CheckpointHook.class),
          Map.entry("IterTimerHook", IterTimerHook.class),
          Map.entry("TextLoggerHook", LoggerHook.class),
          Map.entry("TensorboardLoggerHook", LoggerHook.class),
          Map.entry("EMAHook", EmaHook.class),
          Map.entry("EmptyCacheHook", EmptyCacheHook.class),
          Map.entry("ProfilerHook", ProfilerHook.class),
          Map.entry("DistSamplerSeedHook", DistSamplerSeedHook.class),
          Map.entry("SyncBuffersHook", SyncBuffersHook.class),
          Map.entry("OracleHook", OracleHook.class),
          Map.entry("OraclePriorityArgHook", OraclePriorityArgHook.class),
          Map.entry("AnyHook", AnyHook.class),
          Map.entry("OtherHook", OtherHook.class));

  /** The recording's test hook. */
  record OracleHook(String tag) implements Hook {}

  /** The recording's test hook with an option that registration takes away. */
  record OraclePriorityArgHook() implements Hook {}

  /** An empty hook; each is one of its own. */
  static final class AnyHook implements Hook {}

  /** Another one. */
  static final class OtherHook implements Hook {}

  private final DjlModelStep<ImageBatch> model;
  private final ImageLoader train;
  private final Optimizer optimizer;

  RecordedHooks() {
    LeNet5 network = new LeNet5(10);
    model =
        new DjlModelStep<>(network, CrossEntropyLoss.hard(), Device.cpu(), 0, network.inputShape());
    train =
        new ImageLoader(
            new Glyphs(8, 1),
            LoaderOptions.evaluation(4),
            Normalization.symmetric(1),
            model.manager());
    optimizer = Components.shipped().buildOptimizer(model, Map.of("type", "SGD", "lr", 0.1));
  }

  TrainingParts parts() {
    return new TrainingParts(model, Map.of("default", optimizer), train, null);
  }

  @Override
  public void close() {
    optimizer.close();
    train.close();
    model.close();
  }

  /** The shipped hooks and the recording's. */
  static Components components() {
    Components components = Components.shipped();
    components
        .hooks()
        .register(
            "OracleHook",
            config -> {
              String tag = config.string("tag", "none");
              config.node("strict");
              return parts -> new OracleHook(tag);
            })
        .register("OraclePriorityArgHook", config -> parts -> new OraclePriorityArgHook());
    return components;
  }

  /** A mapping as readers see it; what is no mapping becomes an error. */
  static ConfigReader reader(JsonNode value, ConfigErrors errors) {
    return Config.parse("{\"config\": " + value + "}", "case.json")
        .reader(errors)
        .section("config");
  }

  /**
   * The hooks that {@code custom_hooks} asks for.
   *
   * @throws org.djlrunner.config.ConfigException if one is refused
   */
  static List<HooksSection.Custom> custom(JsonNode entries) {
    ConfigErrors errors = new ConfigErrors();
    ConfigReader root =
        Config.parse("{\"custom_hooks\": " + entries + "}", "case.json").reader(errors);
    List<HooksSection.Custom> custom =
        HooksSection.custom(root.sections("custom_hooks"), components().hooks());
    errors.throwIfAny();
    return custom;
  }

  /** Registers as a run does. */
  void register(Hooks hooks, HooksSection.Custom custom) {
    Hook hook = custom.hook().create(parts());
    hooks.add(hook, custom.priority().orElseGet(hook::priority));
  }

  /**
   * A recorded priority, read as {@code custom_hooks} reads it.
   *
   * @throws org.djlrunner.config.ConfigException if it is refused
   */
  static Priority priority(JsonNode given) {
    String text = given.has("enum") ? "\"" + given.get("enum").asText() + "\"" : given.toString();
    for (String wrapper : List.of("float", "null", "bool", "list")) {
      if (given.has(wrapper)) {
        text = wrapper.equals("null") ? "null" : given.get(wrapper).toString();
      }
    }
    ConfigErrors errors = new ConfigErrors();
    ConfigReader reader = Config.parse("{\"priority\": " + text + "}", "case.json").reader(errors);
    var priority =
        reader.has("priority")
            ? HooksSection.priority(reader)
            : Optional.of(new AnyHook().priority());
    errors.throwIfAny();
    return priority.orElseThrow();
  }

  /** Whether a priority is one that we read otherwise than MMCV: true and false, and null. */
  static boolean isReadOtherwise(JsonNode given) {
    return given.has("bool") || given.has("null");
  }

  /** Hooks as {@code Class at value}, in calling order. */
  static List<String> describe(Hooks hooks) {
    List<String> lines = new ArrayList<>();
    for (Hook hook : hooks) {
      lines.add(hook.getClass().getSimpleName() + " at " + hooks.priorityOf(hook).value());
    }
    return lines;
  }

  /** Our class's name for one of MMCV's. */
  static String ours(String type) {
    if (type.endsWith("LrUpdaterHook")) {
      return LrUpdaterHook.class.getSimpleName();
    }
    if (type.endsWith("MomentumUpdaterHook")) {
      return MomentumUpdaterHook.class.getSimpleName();
    }
    Class<? extends Hook> ours = OURS.get(type);
    if (ours == null) {
      throw new IllegalArgumentException("there is no " + type + " here");
    }
    return ours.getSimpleName();
  }
}
