package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.loss.Loss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.optim.ArenaOptimizer;
import org.djlrunner.djl.optim.OptimizerState;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From {@code paramwise_cfg} to the parameters of DJL blocks that an optimizer updates. */
class ParamwiseTest {
  private static final String SGD =
      "optimizer: {type: SGD, lr: 0.1, momentum: 0.9, weight_decay: 0.01, paramwise_cfg: %s}";

  @Test
  @DisplayName("P01 P02 P05 DJL's blocks are told by their kind, and equal options share a group")
  void blocks() {
    Block network =
        new SequentialBlock()
            .add(convolution(4, 1))
            .add(convolution(4, 4))
            .add(convolution(4, 2))
            .add(BatchNorm.builder().build())
            .add(LayerNorm.builder().axis(1).build())
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(10).build());

    assertThat(
            groups(
                network,
                new Shape(1, 1, 8, 8),
                "{bias_lr_mult: 2, bias_decay_mult: 0.5, norm_decay_mult: 0,"
                    + " dwconv_decay_mult: 0.1}"))
        .extracting(
            OptimizerState.Group::name,
            group -> group.options().get("lr"),
            group -> group.options().get("weight_decay"),
            OptimizerState.Group::members)
        .containsExactly(
            tuple("base", 0.1, 0.01, List.of("0.weight", "2.weight", "6.weight")),
            tuple("lr=0.2 weight_decay=0.005", 0.2, 0.005, List.of("0.bias", "2.bias", "6.bias")),
            tuple("weight_decay=0.001", 0.1, 0.001, List.of("1.weight")),
            tuple("lr=0.2 weight_decay=0.001", 0.2, 0.001, List.of("1.bias")),
            tuple(
                "weight_decay=0.0", 0.1, 0.0, List.of("3.weight", "3.bias", "4.weight", "4.bias")));
  }

  @Test
  @DisplayName("P01 of several keys in a name the longest counts, and no other rule")
  void customKeys() {
    assertThat(
            groups(
                Networks.normed(),
                Networks.normedInput(),
                "{custom_keys: {'0.': {lr_mult: 0.5}, 0.bias: {decay_mult: 0}},"
                    + " norm_decay_mult: 0, bias_lr_mult: 2}"))
        .extracting(
            group -> group.options().get("lr"),
            group -> group.options().get("weight_decay"),
            OptimizerState.Group::members)
        .containsExactly(
            tuple(0.05, 0.01, List.of("0.weight")),
            tuple(0.1, 0.0, List.of("0.bias", "1.weight", "1.bias")),
            tuple(0.1, 0.01, List.of("4.weight")),
            tuple(0.2, 0.01, List.of("4.bias")));
  }

  @Test
  @DisplayName("P05 a factor of 0 holds parameters still, the others are trained")
  void training() {
    Block network = Networks.normed();
    try (DjlModelStep<ArrayBatch> model = model(network, Networks.normedInput());
        ArenaOptimizer optimizer =
            optimizer(model, "{custom_keys: {'4.': {lr_mult: 0}}, norm_decay_mult: 0}")) {
      Map<String, float[]> before = values(network);
      Steps.train(model, optimizer, Networks.batch(model.manager(), 8, Networks.normedInput(), 1));
      Map<String, float[]> after = values(network);

      assertThat(after.get("4.weight")).isEqualTo(before.get("4.weight"));
      assertThat(after.get("4.bias")).isEqualTo(before.get("4.bias"));
      assertThat(after.get("0.weight")).isNotEqualTo(before.get("0.weight"));
      assertThat(after.get("1.bias")).isNotEqualTo(before.get("1.bias"));
    }
  }

  @Test
  @DisplayName("P03 a frozen parameter keeps the optimizer's options when it is unfrozen")
  void frozen() {
    Block network = Networks.normed();
    try (DjlModelStep<ArrayBatch> model = model(network, Networks.normedInput())) {
      model.freeze(name -> name.equals("0.weight"));
      try (ArenaOptimizer optimizer = optimizer(model, "{custom_keys: {'0.': {lr_mult: 0.5}}}")) {
        assertThat(optimizer.state(model.manager()).groups())
            .filteredOn(group -> group.members().contains("0.weight"))
            .isEmpty();
        model.unfreeze(name -> name.equals("0.weight"));
        assertThat(optimizer.state(model.manager()).groups())
            .filteredOn(group -> group.members().contains("0.weight"))
            .singleElement()
            .satisfies(group -> assertThat(group.options()).containsEntry("lr", 0.1));
      }
    }
  }

  @Test
  @DisplayName("P03 a shared parameter is refused with both names, or trained under the first")
  void shared() {
    try (DjlModelStep<ArrayBatch> model = model(sharing(), new Shape(1, 10))) {
      assertThatThrownBy(() -> optimizer(model, "{bias_lr_mult: 2}"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'1.0.weight' is also '0.0.weight'")
          .hasMessageContaining("bypass_duplicate");
      try (ArenaOptimizer optimizer =
          optimizer(model, "{bypass_duplicate: true, bias_lr_mult: 1}")) {
        Steps.train(model, optimizer, Networks.batch(model.manager(), 4, new Shape(1, 10), 1));
        try (DjlModelStep<ArrayBatch> plain = model(sharing(), new Shape(1, 10));
            ArenaOptimizer ungrouped = optimizer(plain, "null")) {
          Steps.train(plain, ungrouped, Networks.batch(plain.manager(), 4, new Shape(1, 10), 1));
          assertThat(values(model.block()).get("0.0.weight"))
              .isEqualTo(values(plain.block()).get("0.0.weight"))
              .isEqualTo(values(model.block()).get("1.0.weight"));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                          | paramwise_cfg                                   | mapping
          {bias_lr_mul: 2}                            | paramwise_cfg.bias_lr_mul                       | bias_lr_mult
          {bias_lr_mult: two}                         | paramwise_cfg.bias_lr_mult                      | number
          {bias_lr_mult: -1}                          | paramwise_cfg.bias_lr_mult                      | 0 or more, got -1
          {custom_keys: [head]}                       | paramwise_cfg.custom_keys                       | mapping
          {custom_keys: {head: 2}}                    | paramwise_cfg.custom_keys.head                  | mapping
          {custom_keys: {head: {lr: 2}}}              | paramwise_cfg.custom_keys.head.lr               | lr_mult
          """)
  @DisplayName("P04 what is wrong is named with its key")
  void wrong(String rules, String key, String hint) {
    assertThatThrownBy(() -> OptimizerConfigs.read(SGD.formatted(rules)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("optimizer." + key)
        .hasMessageContaining(hint);
  }

  @ParameterizedTest
  @CsvSource({"bias_decay_mult", "norm_decay_mult", "dwconv_decay_mult"})
  @DisplayName("P04 a factor on a decay that nobody gave is refused")
  void decayOfNothing(String key) {
    String config = "optimizer: {type: AdamW, paramwise_cfg: {" + key + ": 0}}";
    assertThatThrownBy(() -> OptimizerConfigs.read(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("optimizer.paramwise_cfg." + key)
        .hasMessageContaining("weight_decay");
  }

  private static List<OptimizerState.Group> groups(Block network, Shape input, String rules) {
    try (DjlModelStep<ArrayBatch> model = model(network, input);
        ArenaOptimizer optimizer = optimizer(model, rules)) {
      return optimizer.state(model.manager()).groups();
    }
  }

  private static ArenaOptimizer optimizer(DjlModelStep<?> model, String rules) {
    return (ArenaOptimizer) OptimizerConfigs.read(SGD.formatted(rules)).create(model);
  }

  private static DjlModelStep<ArrayBatch> model(Block network, Shape input) {
    return new DjlModelStep<>(network, Loss.softmaxCrossEntropyLoss(), Device.cpu(), 0, input);
  }

  private static Conv2d convolution(int filters, int groups) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .setFilters(filters)
        .optGroups(groups)
        .build();
  }

  /** Two blocks with the same layer in them. */
  private static Block sharing() {
    Linear layer = Linear.builder().setUnits(10).build();
    return new SequentialBlock()
        .add(new SequentialBlock().add(layer))
        .add(new SequentialBlock().add(layer));
  }

  private static Map<String, float[]> values(Block network) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> entry : ParameterNames.of(network).entrySet()) {
      NDArray array = Objects.requireNonNull(entry.getValue().getArray());
      values.put(entry.getKey(), array.toFloatArray());
    }
    return values;
  }
}
