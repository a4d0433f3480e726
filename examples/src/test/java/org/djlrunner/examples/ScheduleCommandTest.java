package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** {@code runner schedule} as a user sees it. */
class ScheduleCommandTest {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Path QUICKSTART = Path.of("configs/quickstart.yaml");
  private static final Path FASHION_MNIST = Path.of("configs/fashion_mnist_lenet5.yaml");

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int schedule(Path config, String... options) {
    List<String> args = new ArrayList<>(List.of("schedule", config.toString()));
    args.addAll(List.of(options));
    CommandLine commandLine =
        RunnerCli.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return RunnerCli.execute(commandLine, args.toArray(String[]::new));
  }

  /** Recorded runs whose optimizers have one group each, where we don't deviate. */
  static Stream<Case> recorded() {
    return Stream.of(
            "lr/policies",
            "lr/edge",
            "lr/long_sampled",
            "lr/dict_optimizers",
            "momentum/policies",
            "momentum/with_lr",
            "momentum/dict_optimizers")
        .flatMap(file -> Vectors.cases(file + ".json"))
        .filter(
            c ->
                !c.has("raises")
                    && optimizers(c).values().stream().allMatch(o -> o.path("groups").size() == 1))
        .filter(ScheduleCommandTest::isEqual);
  }

  /** A case's optimizers by name; one alone has none. */
  private static Map<String, JsonNode> optimizers(Case c) {
    Map<String, JsonNode> optimizers = new LinkedHashMap<>();
    JsonNode named = c.at("optimizer").path("dict");
    if (named.isMissingNode()) {
      optimizers.put("", c.at("optimizer"));
    }
    named.properties().forEach(entry -> optimizers.put(entry.getKey(), entry.getValue()));
    return optimizers;
  }

  /** Leaves out Q-R4, Q-R5, Q-R12, Q-H2, Q-H3 and Q-H4, where our numbers are others. */
  private static boolean isEqual(Case c) {
    boolean epochs = c.at("runner").asText().startsWith("Epoch");
    boolean ofNumbers = !c.at("rows").toString().contains("\"");
    return ofNumbers
        && trainLengths(c).stream().distinct().count() == 1
        && !c.at("momentum_config").hasNonNull("warmup")
        && Stream.of("lr_config", "momentum_config")
            .filter(c::has)
            .map(c::at)
            .allMatch(
                config ->
                    (epochs || !countsEpochs(config))
                        && !config.path("step_ratio_up").asText("1").matches("0(\\.[01].*)?"));
  }

  private static boolean countsEpochs(JsonNode config) {
    boolean cycles = config.path("policy").asText().matches("cyclic|OneCycle");
    return config.path("by_epoch").asBoolean(!cycles) || config.path("warmup_by_epoch").asBoolean();
  }

  private static List<Integer> trainLengths(Case c) {
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < c.at("workflow").size(); i++) {
      if (c.at("workflow").get(i).get(0).asText().equals("train")) {
        lengths.add(c.at("loader_lengths").get(i).asInt());
      }
    }
    return lengths;
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("X08 S01 S05 what it prints is what MMCV's runner saw")
  void vectors(Case c) throws IOException {
    Path config = Files.writeString(folder.resolve("case.json"), config(c).toString());
    int length = trainLengths(c).get(0);

    int exitCode = schedule(config, "--format=json", "--iters-per-epoch=" + length);

    assertThat(exitCode).as(err.toString()).isZero();
    JsonNode rows = JSON.readTree(out.toString());
    boolean epochs = c.at("runner").asText().startsWith("Epoch");
    assertThat(rows).hasSizeGreaterThanOrEqualTo(c.at("rows").size());
    for (JsonNode expected : c.at("rows")) {
      JsonNode row = rows.get(expected.get(0).asInt());
      assertThat(row.get("iter")).isEqualTo(expected.get(0));
      if (epochs) {
        assertThat(row.get("epoch")).isEqualTo(expected.get(1));
        assertThat(row.get("inner_iter")).isEqualTo(expected.get(2));
      }
      for (int i = 3; i < expected.size(); i++) {
        String column = c.at("columns").get(i).asText();
        if (!column.startsWith("beta2")) {
          JsonNode own = row.get(column.startsWith("lr") ? "lr" : "momentum");
          if (own.isObject()) {
            own = own.get(column.replaceFirst("[^.]*\\.(.*)\\[0]", "$1"));
          }
          double value = own.get(0).asDouble();
          assertThat(value)
              .as("%s at iteration %s", column, expected.get(0))
              .isCloseTo(
                  expected.get(i).asDouble(), within(1e-9 * Math.abs(expected.get(i).asDouble())));
        }
      }
    }
  }

  /** The case's parameters in a config; by_epoch is said, since our default follows the runner. */
  private static ObjectNode config(Case c) throws IOException {
    ObjectNode config =
        (ObjectNode)
            JSON.readTree(
                """
                {"model": {"type": "LeNet5"},
                 "data": {"samples_per_gpu": 1, "train": {"type": "FashionMNIST", "data_prefix": "none"},
                          "val": {"type": "FashionMNIST", "data_prefix": "none"}},
                 "lr_config": {"policy": "fixed"}}
                """);
    optimizers(c)
        .forEach(
            (name, recorded) -> {
              ObjectNode optimizer = recorded.path("groups").get(0).deepCopy();
              optimizer.put("type", recorded.path("kind").asText());
              if (name.isEmpty()) {
                config.set("optimizer", optimizer);
              } else {
                config.withObject("/optimizer").set(name, optimizer);
              }
            });
    boolean epochs = c.at("runner").asText().startsWith("Epoch");
    config
        .putObject("runner")
        .put("type", c.at("runner").asText())
        .put(
            epochs ? "max_epochs" : "max_iters", c.at(epochs ? "max_epochs" : "max_iters").asInt());
    config.set("workflow", c.at("workflow"));
    for (String section : List.of("lr_config", "momentum_config")) {
      if (c.has(section)) {
        ObjectNode own = c.at(section).deepCopy();
        if (!own.has("by_epoch") && !own.path("policy").asText().matches("cyclic|OneCycle")) {
          own.put("by_epoch", true);
        }
        config.set(section, own);
      }
    }
    return config;
  }

  @Test
  @DisplayName("X08 as CSV it has a column for each group, and takes epochs from the data's size")
  void csv() {
    assertThat(schedule(QUICKSTART)).as(err.toString()).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(1 + 8 * 187);
    assertThat(lines.get(0)).isEqualTo("epoch,iter,inner_iter,lr[0],momentum[0]");
    assertThat(lines.get(1)).startsWith("0,0,0,").endsWith(",0.9");
    assertThat(Double.parseDouble(lines.get(1).split(",", -1)[3])).isCloseTo(0.005, within(1e-15));
    assertThat(lines.get(187 + 1)).isEqualTo("1,187,0,0.05,0.9");
  }

  @Test
  @DisplayName("X08 X11 several optimizers have columns and keys by their names")
  void severalOptimizers() throws IOException {
    String[] options = {
      "--cfg-options",
      "optimizer={_delete_: true, convs: {type: SGD, lr: 0.05, momentum: 0.9, params: [conv1, conv2]},"
          + " fc1: {type: AdamW, lr: 0.001}}",
      "lr_config={_delete_: true, convs: {policy: step, step: 4}}"
    };
    assertThat(schedule(QUICKSTART, options)).as(err.toString()).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines.get(0))
        .isEqualTo("epoch,iter,inner_iter,lr.convs[0],lr.fc1[0],momentum.convs[0],momentum.fc1[0]");
    assertThat(lines.get(1)).isEqualTo("0,0,0,0.05,0.001,0.9,0.9");
    assertThat(lines.get(4 * 187 + 1)).isEqualTo("4,748,0,0.005000000000000001,0.001,0.9,0.9");

    out.getBuffer().setLength(0);
    String[] asJson = Arrays.copyOf(options, options.length + 1);
    asJson[options.length] = "--format=json";
    assertThat(schedule(QUICKSTART, asJson)).as(err.toString()).isZero();
    assertThat(JSON.readTree(out.toString()).get(0).get("lr").toString())
        .isEqualTo("{\"convs\":[0.05],\"fc1\":[0.001]}");
  }

  @Test
  @DisplayName("X08 groups of paramwise_cfg are those of training")
  void groups() throws IOException {
    assertThat(
            schedule(
                QUICKSTART,
                "--format=json",
                "--cfg-options",
                "optimizer.paramwise_cfg={bias_lr_mult: 2}",
                "lr_config={_delete_: true, policy: CosineAnnealing, min_lr: 0}"))
        .as(err.toString())
        .isZero();
    JsonNode rows = JSON.readTree(out.toString());
    JsonNode first = rows.get(0).get("lr");
    assertThat(first).hasSize(2);
    assertThat(List.of(first.get(0).asDouble(), first.get(1).asDouble()))
        .containsExactlyInAnyOrder(0.05, 0.1);
    double half = rows.get(rows.size() / 2).get("lr").get(0).asDouble();
    assertThat(half).isCloseTo(first.get(0).asDouble() / 2, within(1e-12));
  }

  @Test
  @DisplayName("X08 as PNG it draws both curves into a file")
  void png() throws IOException {
    Path file = folder.resolve("plots/schedule.png");
    assertThat(
            schedule(
                QUICKSTART,
                "--format=png",
                "--out=" + file,
                "--cfg-options",
                "momentum_config={policy: cyclic}"))
        .as(err.toString())
        .isZero();
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(1000);
    assertThat(image.getHeight()).isEqualTo(800);
    int[] pixels = image.getRGB(0, 0, 1000, 800, new int[800_000], 0, 1000);
    assertThat(Arrays.stream(pixels).distinct().count()).as("colours").isGreaterThan(2);
    try (Stream<Path> files = Files.list(folder.resolve("plots"))) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --format=xml                                                  | csv, json or png
          --format=png                                                  | --out FILE
          --iters-per-epoch=0                                           | at least 1
          --cfg-options=lr_config.polcy=step                            | unknown key 'polcy', did you mean 'policy'?
          --cfg-options=lr_config={_delete_: true, policy: cyclic, cyclic_times: 9999}              | cyclic_times is 9999
          --cfg-options=lr_config={_delete_: true, policy: CosineRestart, periods: [2], min_lr: 0}  | periods [2] end after 2, but the run has 8
          --cfg-options=lr_config={_delete_: true, policy: ReduceLROnPlateau}                       | values that only a run has
          """)
  @DisplayName("X02 X08 what can't be shown is said in one line")
  void refusals(String option, String message) {
    assertThat(schedule(QUICKSTART, option)).as(err.toString()).isEqualTo(2);
    assertThat(err.toString()).contains(message).doesNotContain("\tat ");
  }

  @Test
  @DisplayName("X08 without files the data's size is the published one, or it asks for iterations")
  void unknownSize() {
    assertThat(schedule(FASHION_MNIST)).as(err.toString()).isZero();
    assertThat(out.toString().lines()).hasSize(1 + 15 * 937);
    String files =
        "--cfg-options=data.train={_delete_: true, type: ImageFolder, data_prefix: none}";
    assertThat(schedule(FASHION_MNIST, files)).isEqualTo(2);
    assertThat(err.toString()).contains("data.train").contains("--iters-per-epoch N");
    out.getBuffer().setLength(0);
    assertThat(schedule(FASHION_MNIST, files, "--iters-per-epoch=3")).isZero();
    assertThat(out.toString().lines()).hasSize(1 + 15 * 3);
  }

  @Test
  @DisplayName("X08 of Fashion-MNIST's files it reads a header, and that only where it is needed")
  void header() throws IOException {
    Path labels = folder.resolve("train-labels-idx1-ubyte");
    String prefix = "--cfg-options=data.train.data_prefix=" + folder;
    Files.write(labels, ByteBuffer.allocate(8).putInt(0x801).putInt(60_000).array());
    assertThat(schedule(FASHION_MNIST, prefix)).as(err.toString()).isZero();
    assertThat(out.toString().lines()).hasSize(1 + 15 * 937);

    Files.write(labels, new byte[3]);
    assertThat(schedule(FASHION_MNIST, prefix)).isEqualTo(2);
    assertThat(err.toString()).contains(labels + " is truncated or damaged");
    assertThat(schedule(FASHION_MNIST, prefix, "--iters-per-epoch=937")).isZero();
  }
}
