package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.checkpoint.BetterScore;
import org.djlrunner.checkpoint.KeptFile;
import org.djlrunner.hook.RecordedSaves.Save;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Best files against those of MMCV's evaluation hook, whose evaluations are played back. */
@ExtendWith(VectorTally.class)
class SaveBestVectorsTest {
  @TempDir private Path root;

  static Stream<Case> recorded() {
    return Stream.of("log/save_best.json", "log/save_best_random.json").flatMap(Vectors::cases);
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(recorded()).hasSize(48);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("K13 K14 the best files are those that MMCV keeps")
  void best(Case c) {
    List<String> why = deviations(c);
    if (c.has("raises")) {
      if (hasText(c)) {
        c.deviation("results are numbers: the compiler", () -> assertNumbersOnly());
      } else {
        c.equal(() -> assertThatThrownBy(() -> run(c)).isInstanceOf(RuntimeException.class));
      }
    } else if (why.isEmpty()) {
      c.equal(() -> assertBest(c, run(c), true));
    } else {
      c.deviation(String.join(", ", why), () -> assertBest(c, run(c), false));
    }
  }

  /** Why we do otherwise, if we do, from the evaluations alone. */
  private static List<String> deviations(Case c) {
    List<String> why = new ArrayList<>();
    String metric = c.at("eval_hook").path("save_best").asText("");
    boolean zero = false;
    boolean early = false;
    for (JsonNode evaluation : c.at("evaluations")) {
      zero |= evaluation.path("metrics").path(metric).asDouble(1) == 0;
      early |= evaluation.path("event").asText().startsWith("before");
    }
    if (zero) {
      why.add("Q-H14");
    }
    if (metric.contains("/")) {
      why.add("Q-H16");
    }
    if (early && !metric.isEmpty()) {
      why.add("Q-H17");
    }
    if (!c.at("eval_hook").path("by_epoch").asBoolean(true) && !metric.isEmpty()) {
      why.add("Q-R15");
    }
    return why;
  }

  private static boolean hasText(Case c) {
    return c.at("note").asText().contains("string");
  }

  private static void assertNumbersOnly() throws NoSuchMethodException {
    assertThat(
            HookContext.class
                .getMethod("report", Map.class)
                .getGenericParameterTypes()[0]
                .getTypeName())
        .isEqualTo("java.util.Map<java.lang.String, java.lang.Double>");
  }

  /** What was seen of a run: each save, and what was best after each evaluation. */
  private record Seen(List<Save> saves, List<Best> bests) {}

  /** The best file that the hook knows of, and the best files that lie there. */
  private record Best(Optional<KeptFile> known, List<String> files) {}

  private Seen run(Case c) throws IOException {
    JsonNode options = c.at("eval_hook");
    CheckpointSettings settings =
        c.has("checkpoint_hook")
            ? new RecordedSaves(root).settings(c.at("checkpoint_hook"), Every.Unit.EPOCH)
            : CheckpointSettings.at(Every.never()).saveLast(false);
    if (options.has("out_dir")) {
      settings = settings.outDir(root.resolve(options.path("out_dir").asText()));
    }
    if (options.has("save_best")) {
      String metric = options.path("save_best").asText();
      SaveBest best = metric.equals("auto") ? SaveBest.auto() : SaveBest.of(metric);
      BetterScore better = better(options);
      boolean told = !metric.equals("auto") && better.isBetter(metric, 0, 0);
      assertThat(told).isFalse();
      settings = settings.saveBest(best.better(better));
    }
    CheckpointHook hook = new CheckpointHook(settings);
    restore(c, hook);
    List<Best> bests = new ArrayList<>();
    List<Save> saves =
        new RecordedSaves(root).run(c, List.of(new PlayedBack(c, hook, bests), hook));
    return new Seen(saves, bests);
  }

  /** The rule that is given, or that MMCV's lists of names give. */
  private static BetterScore better(JsonNode options) {
    return (metric, score, than) -> {
      String rule = options.path("rule").asText("");
      if (rule.equals("greater") || (rule.isEmpty() && metric.matches("acc|mIoU"))) {
        return score > than;
      }
      if (rule.equals("less") || (rule.isEmpty() && metric.equals("loss"))) {
        return score < than;
      }
      throw new IllegalArgumentException("whether more or less of " + metric + " is better");
    };
  }

  /** A hook message of MMCV's is a state of ours; a best file that isn't there is elsewhere. */
  private void restore(Case c, CheckpointHook hook) {
    JsonNode messages = c.at("runner_meta").path("hook_msgs");
    if (messages.has("best_score")) {
      boolean there = messages.has("best_ckpt");
      KeptFile file =
          new KeptFile(
              there ? root.resolve("run1") : root.resolve("elsewhere"),
              "best_acc_epoch_1.ckpt",
              "best acc",
              OptionalDouble.of(messages.path("best_score").asDouble()),
              1,
              2);
      hook.restore(new CheckpointMemory(List.of(file), List.of("acc")).toMap());
    }
  }

  /** Reports the recorded results where they were recorded, and notes what had become of it. */
  private final class PlayedBack implements Hook {
    private final Case c;
    private final CheckpointHook hook;
    private final List<Best> bests;
    private int next;

    PlayedBack(Case c, CheckpointHook hook, List<Best> bests) {
      this.c = c;
      this.hook = hook;
      this.bests = bests;
    }

    @Override
    public void beforeTrainEpoch(HookContext context) {
      play("before_train_epoch", context);
    }

    @Override
    public void afterTrainIter(HookContext context) {
      play("after_train_iter", context);
    }

    @Override
    public void afterTrainEpoch(HookContext context) {
      play("after_train_epoch", context);
    }

    @Override
    public Priority priority() {
      return Priority.LOW;
    }

    private void play(String event, HookContext context) {
      JsonNode evaluation = c.at("evaluations").path(next);
      if (evaluation.path("event").asText().equals(event)
          && evaluation.path("iter").asInt() == context.progress().iter()) {
        next++;
        Map<String, Double> results = new LinkedHashMap<>();
        evaluation
            .path("metrics")
            .properties()
            .forEach(result -> results.put(result.getKey(), value(result.getValue())));
        if (evaluation.path("metrics").isMissingNode()) {
          results.put("weird", 0.5); // MMCV failed at these; what they were isn't recorded.
        }
        context.report(results);
        context.atBoundary(() -> context.atBoundary(() -> bests.add(best(hook))));
      }
    }
  }

  private static double value(JsonNode result) {
    return result.isBoolean()
        ? (result.asBoolean() ? 1 : 0)
        : result.isTextual() ? Double.NaN : result.asDouble();
  }

  private Best best(CheckpointHook hook) {
    try {
      return new Best(
          CheckpointMemory.of(hook.state()).files().stream()
              .filter(file -> file.score().isPresent())
              .findFirst(),
          new RecordedSaves(root)
              .checkpoints().stream().filter(name -> name.contains("best_")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertBest(Case c, Seen seen, boolean equal) throws IOException {
    List<String> left = new RecordedSaves(root).checkpoints();
    if (equal) {
      assertThat(left).isEqualTo(RecordedSaves.ours(c.at("final_files")));
      for (int i = 0; i < c.at("evaluations").size(); i++) {
        JsonNode messages = c.at("evaluations").get(i).path("hook_msgs");
        Optional<KeptFile> best = seen.bests().get(i).known();
        assertThat(seen.bests().get(i).files())
            .isEqualTo(RecordedSaves.ours(c.at("evaluations").get(i).path("best_files")));
        assertThat(best.isPresent()).isEqualTo(messages.has("best_score"));
        best.ifPresent(
            file -> {
              assertThat(file.score()).hasValue(messages.path("best_score").asDouble());
              if (messages.has("best_ckpt")) {
                assertThat(file.name())
                    .isEqualTo(
                        RecordedSaves.ours(
                            messages.path("best_ckpt").asText().replaceFirst(".*/", "")));
              }
            });
      }
      for (Map.Entry<String, JsonNode> file : c.at("best_file_meta").properties()) {
        Save save = save(seen, RecordedSaves.ours(file.getKey()));
        assertThat(save.number("epoch")).isEqualTo(file.getValue().path("epoch").asInt());
        assertThat(save.number("iter")).isEqualTo(file.getValue().path("iter").asInt());
      }
      return;
    }
    Expected expected = expected(c);
    assertThat(left).containsExactly(expected.file());
    Save save = save(seen, expected.file());
    assertThat(save.number("epoch")).isEqualTo(expected.epoch());
    assertThat(save.number("iter")).isEqualTo(expected.iter());
  }

  private static Save save(Seen seen, String file) {
    return seen.saves().stream().filter(s -> s.file().equals(file)).findFirst().orElseThrow();
  }

  private record Expected(String file, int epoch, int iter) {}

  /** The best of all results by our rules: 0 is one, and what came before training is none. */
  private static Expected expected(Case c) {
    JsonNode options = c.at("eval_hook");
    String metric = options.path("save_best").asText();
    boolean byEpoch = options.path("by_epoch").asBoolean(true);
    int length = c.at("loader_lengths").get(0).asInt();
    BetterScore better = better(options);
    Map<String, Expected> best = new HashMap<>();
    double score = Double.NaN;
    for (JsonNode evaluation : c.at("evaluations")) {
      double value = value(evaluation.path("metrics").path(metric));
      if (!evaluation.path("event").asText().startsWith("before")
          && (Double.isNaN(score) || better.isBetter(metric, value, score))) {
        score = value;
        int epoch = evaluation.path("epoch").asInt() + (byEpoch ? 1 : 0);
        int iter = evaluation.path("iter").asInt() + (byEpoch ? 0 : 1);
        String place = byEpoch ? "epoch_" + epoch : "iter_" + iter;
        best.put(
            metric,
            new Expected(
                "run1/best_" + metric.replace('/', '_') + "_" + place + ".ckpt",
                byEpoch ? epoch : (iter - 1) / length,
                iter));
      }
    }
    return Optional.ofNullable(best.get(metric)).orElseThrow();
  }
}
