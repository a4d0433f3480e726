package org.djlrunner.hook;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Flow;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.Workflow;
import org.djlrunner.checkpoint.CheckpointIndex;
import org.djlrunner.checkpoint.CheckpointStore;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.StoredCodec;
import org.djlrunner.testkit.Vectors.Case;

/**
 * Runs what a recorded case describes in a folder, and notes each save.
 *
 * @param root the folder that paths are relative to
 */
record RecordedSaves(Path root) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * A save: what was written, what it says, and what lay there afterwards.
   *
   * @param file the file, relative to the root
   * @param meta what it holds
   * @param optimizers the optimizers whose states it holds
   * @param files all checkpoints there are then
   */
  record Save(String file, Map<String, Object> meta, String optimizers, List<String> files) {
    int number(String key) {
      return ((Number) meta.getOrDefault(key, -1)).intValue();
    }
  }

  /** The folder that the case's run works in. */
  Path workDir() {
    return root.resolve("run1");
  }

  /** Runs it with hooks in this order. */
  List<Save> run(Case c, List<Hook> hooks) throws IOException {
    Files.createDirectories(workDir());
    for (JsonNode name : c.at("preexisting")) {
      Files.createFile(workDir().resolve(ours(name.asText())));
    }
    List<Save> saves = new ArrayList<>();
    Runner<FakeBatch> runner = runner(c);
    runner.registerHook(
        Hook.at(Stage.BEFORE_RUN, context -> context.logs().subscribe(noting(saves))),
        Priority.HIGHEST);
    hooks.forEach(runner::registerHook);
    List<FakeLoader> loaders = new ArrayList<>();
    c.at("loader_lengths").forEach(length -> loaders.add(FakeLoader.of(length.asInt())));
    List<Flow> flows = new ArrayList<>();
    c.at("workflow")
        .forEach(f -> flows.add(new Flow(new Mode(f.get(0).asText()), f.get(1).asInt())));
    runner.run(loaders, new Workflow(flows));
    return saves;
  }

  private Runner<FakeBatch> runner(Case c) {
    FakeStep step = new FakeStep();
    return isByEpoch(c)
        ? with(c, EpochBasedRunner.builder(step, c.at("max_epochs").asInt())).build()
        : with(c, IterBasedRunner.builder(step, c.at("max_iters").asInt())).build();
  }

  private <R extends Runner<FakeBatch>> RunnerBuilder<FakeBatch, R> with(
      Case c, RunnerBuilder<FakeBatch, R> builder) {
    builder
        .workDir(workDir())
        .checkpointCodec(new StoredCodec())
        .startAt(c.at("start").path("epoch").asInt(), c.at("start").path("iter").asInt());
    switch (c.at("optimizer").asText("single")) {
      case "single" -> builder.optimizer(new FakeOptimizer(0.1));
      case "dict" ->
          builder.optimizer("a", new FakeOptimizer(0.1)).optimizer("b", new FakeOptimizer(0.1));
      default -> {}
    }
    map(c.at("runner_meta")).forEach(builder::meta);
    // A model's classes are part of what describes a run here.
    if (c.has("model_classes")) {
      builder.meta("CLASSES", JSON.convertValue(c.at("model_classes"), List.class));
    }
    return builder;
  }

  /** The saves are told one by one, when they are done. */
  private LogSink noting(List<Save> saves) {
    return new LogSink() {
      @Override
      public void write(LogRecord record) {}

      @Override
      public void note(String sentence) {
        if (sentence.startsWith("Saved ")) {
          Path file = Path.of(sentence.substring("Saved ".length()).replaceFirst(", best .*", ""));
          try {
            saves.add(
                new Save(
                    relative(file),
                    new StoredCodec().readMeta(file),
                    StoredCodec.optimizersIn(file),
                    checkpoints()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    };
  }

  private String relative(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  /** All checkpoints there are, in any folder, without what keeps account of them. */
  List<String> checkpoints() throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(
              file ->
                  !Set.of(CheckpointIndex.FILE, CheckpointStore.LATEST)
                      .contains(file.getFileName().toString()))
          .map(this::relative)
          .sorted()
          .toList();
    }
  }

  static boolean isByEpoch(Case c) {
    return c.at("runner").asText().startsWith("Epoch");
  }

  /** A name with the ending of our files. */
  static String ours(String name) {
    return name.replaceFirst("\\.(pth|pt)$", ".ckpt");
  }

  /** A list of names with the ending of our files. */
  static List<String> ours(JsonNode names) {
    List<String> files = new ArrayList<>();
    names.forEach(name -> files.add(ours(name.asText())));
    return files;
  }

  static Map<String, Object> map(JsonNode object) {
    return object.isObject()
        ? JSON.convertValue(object, new TypeReference<LinkedHashMap<String, Object>>() {})
        : Map.of();
  }

  /**
   * Settings from a recorded config, whose out_dir is below the root.
   *
   * @throws org.djlrunner.config.ConfigException if it is refused
   */
  CheckpointSettings settings(JsonNode config, Every.Unit unit) {
    ObjectNode own = config.deepCopy();
    if (own.hasNonNull("out_dir")) {
      own.put("out_dir", root.resolve(own.get("out_dir").asText()).toString());
    }
    ConfigErrors errors = new ConfigErrors();
    CheckpointSettings settings =
        CheckpointConfig.read(
            Config.parse("{\"checkpoint_config\": " + own + "}", "case.json")
                .reader(errors)
                .section("checkpoint_config"),
            unit);
    errors.throwIfAny();
    return settings;
  }
}
