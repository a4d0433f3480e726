package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.Computation;
import org.djlrunner.djl.checkpoint.DjlCheckpointCodec;
import org.djlrunner.djl.checkpoint.SafetensorsReader;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.precision.Tf32Policy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The switches of speed: what a config says, what took effect, and where that is written. */
@DisplayName("W06 speed")
class SpeedTest {
  private static final Computation BF16 = new Computation(Precision.BF16, true, "");
  private static final LoaderOptions TRAIN = LoaderOptions.training(64, 0);
  private static final LoaderOptions VAL = LoaderOptions.evaluation(250);

  @TempDir private Path folder;

  @Test
  @DisplayName("W06 a checkpoint holds the switches as they took effect")
  void metaData() throws IOException {
    run(
        "run",
        "data.val.cache=device",
        "data.train_dataloader.pin_memory=false",
        "data.persistent_workers=false",
        "data.val_dataloader.persistent_workers=true");

    JsonNode meta = meta("run/epoch_1.safetensors");
    JsonNode speed = meta.path("speed");
    assertThat(speed.path("precision").asText()).isEqualTo("fp32");
    assertThat(speed.path("compiled").asBoolean()).isTrue();
    assertThat(speed.path("channels_last").asBoolean()).isTrue();
    assertThat(speed.path("cudnn_benchmark").isBoolean()).isTrue();
    assertThat(speed.path("cudnn_benchmark").asBoolean()).isFalse();
    assertThat(speed.path("tf32").toString())
        .isEqualTo("{\"convolutions\":false,\"products\":false}");
    assertThat(speed.path("train").toString())
        .isEqualTo("{\"cache\":\"none\",\"workers\":2,\"prefetch_factor\":2,\"pin_memory\":false}");
    assertThat(speed.path("val").path("cache").asText()).isEqualTo("device");
    assertThat(speed.path("threads").asInt()).isPositive();
  }

  @Test
  @DisplayName("W04 a run from data kept on the device logs what any other logs")
  void cachedRun() throws IOException {
    run("one");
    run("two", "data.train.cache=device", "data.val.cache=device");

    assertThat(losses("two")).isEqualTo(losses("one")).hasSize(13);
    assertThat(text("two")).contains("Speed: data.train kept on the device, data.val kept on the");
    assertThat(text("one")).doesNotContain("Speed:");
  }

  @Test
  @DisplayName("F21 so does one whose images vary from pass to pass")
  void cachedRunThatVaries() throws IOException {
    String pipeline =
        "data.train.pipeline=[{type: RandomCrop, size: 28, padding: 4}, {type: RandomFlip},"
            + " {type: Cutout, shape: 8}]";
    run("one", pipeline);
    run("two", pipeline, "data.train.cache=device");
    run("three");

    assertThat(losses("two")).isEqualTo(losses("one")).isNotEqualTo(losses("three"));
  }

  @Test
  @DisplayName("F15 C02 what can't be done there is refused at its place, before data is opened")
  void varyingOtherwise() {
    Config config =
        Config.parse(SmallConfig.EPOCHS, "small.yaml")
            .with(
                List.of(
                    "data.train.cache=device",
                    "data.train.pipeline=[{type: RandomFlip}, {type: ColorJitter, brightness: 1,"
                        + " contrast: 1, saturation: 1}]"));

    assertThatThrownBy(() -> Experiment.read(config).plan())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.train.cache: in each pass the device does RandomCrop,")
        .hasMessageContaining("but not ColorJitter; leave it out, or cache");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "default",
      value = {
        "default, true, 1000, true, ''",
        "default, false, 1000, false, ''",
        "default, false, 640, true, ''",
        "false, true, 1000, false, 'Speed: cudnn_benchmark false'",
        "true, false, 1000, true, 'Speed: cudnn_benchmark true'",
      })
  @DisplayName("W01 cuDNN searches its algorithms where all training batches have one size")
  void cudnnBenchmark(
      @Nullable Boolean wish, boolean dropLast, int samples, boolean on, String remark) {
    LoaderOptions train = new LoaderOptions(64, true, dropLast, 2, 2, 0);
    SpeedSwitches speed =
        SpeedSwitches.of(wish, Tf32Policy.DEFAULT, true, BF16, samples, train, VAL);

    assertThat(speed.cudnnBenchmark()).isEqualTo(on);
    assertThat(speed.remarks().orElse("")).isEqualTo(remark);
  }

  @Test
  @DisplayName("W01 a CPU has no cuDNN to search, and the process's switch is put back after a run")
  void cudnnSwitch() {
    assertThat(
            SpeedSwitches.of(true, Tf32Policy.NONE, false, BF16, 64, TRAIN, null).cudnnBenchmark())
        .isFalse();
    List<Boolean> libtorch = new ArrayList<>();
    CudnnBenchmark search = new CudnnBenchmark(true, libtorch::add);
    assertThat(libtorch).containsExactly(true);
    search.close();
    assertThat(libtorch).containsExactly(true, false);
  }

  @Test
  @DisplayName("W06 one line tells of what is not as usual on a GPU")
  void remarks() {
    SpeedSwitches usual = SpeedSwitches.of(null, Tf32Policy.DEFAULT, true, BF16, 64, TRAIN, VAL);
    SpeedSwitches unusual =
        SpeedSwitches.of(
            false,
            new Tf32Policy(true, true),
            true,
            BF16,
            64,
            TRAIN.pinMemory(false),
            VAL.cached(true));

    assertThat(usual.remarks()).isEmpty();
    assertThat(unusual.remarks())
        .contains(
            "Speed: cudnn_benchmark false, TF32 by convolutions and products, data.train without"
                + " pin_memory, data.val kept on the device");
    assertThat(usual.describe())
        .hasToString(
            "{precision=bf16, compiled=true, channels_last=true, cudnn_benchmark=true,"
                + " tf32={convolutions=true, products=false},"
                + " train={cache=none, workers=2, prefetch_factor=2, pin_memory=true},"
                + " val={cache=none, workers=2, prefetch_factor=2, pin_memory=true}, threads="
                + JniUtils.getNumThreads()
                + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cudnn_benchmark=maybe | cudnn_benchmark",
        "allow_tf32=1 | allow_tf32",
        "cudnn_benchmrk=true | did you mean 'cudnn_benchmark'",
        "data.train.cache=gpu | data.train.cache: expected one of none, device",
        "data.pin_memory=2 | data.pin_memory",
        "data.val_dataloader={pin_memroy: true} | did you mean 'pin_memory'",
      })
  @DisplayName("W06 C02 what is wrong is named with its path")
  void wrong(String override, String hint) {
    Config config = Config.parse(SmallConfig.EPOCHS, "small.yaml").with(List.of(override));

    assertThatThrownBy(() -> Experiment.read(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(hint);
  }

  @Test
  @DisplayName("W03 on a CPU a wish about TF32 has nothing to change")
  void tf32OnACpu() {
    run("true", "allow_tf32=true");
    run("false", "allow_tf32=false", "cudnn_benchmark=true");

    assertThat(folder.resolve("false/epoch_1.safetensors")).exists();
  }

  private void run(String name, String... overrides) {
    Config config = Config.parse(SmallConfig.EPOCHS, "small.yaml").with(List.of(overrides));
    Experiment.read(config).run(folder.resolve(name), "small.yaml");
  }

  private String text(String run) throws IOException {
    return Files.readString(log(run, ".log"));
  }

  private List<String> losses(String run) throws IOException {
    List<String> losses = new ArrayList<>();
    for (String line : Files.readAllLines(log(run, ".log.json"))) {
      JsonNode node = JsonMapper.builder().build().readTree(line);
      if (!node.has("mode")) {
        continue;
      }
      losses.add(node.path("loss").asText() + " " + node.path("accuracy_top-1").asText());
    }
    return losses;
  }

  private Path log(String run, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(run))) {
      return files.filter(f -> f.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  private JsonNode meta(String file) throws IOException {
    String meta =
        SafetensorsReader.open(folder.resolve(file)).metadata().get(DjlCheckpointCodec.META);
    return JsonMapper.builder().build().readTree(meta);
  }
}
