package org.djlrunner.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalInt;
import org.djlrunner.Every;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LrScheduleTest {
  private static final OptionalInt UNKNOWN = OptionalInt.empty();

  @Test
  @DisplayName("S02 steps that are not above 0 are refused")
  void steps() {
    assertThatThrownBy(() -> Step.every(0, 0.1)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Step.at(0, 2)).hasMessageContaining("above 0, got [0, 2]");
  }

  @Test
  @DisplayName("S02 empty warm-ups and ratios outside (0, 1] are refused")
  void warmups() {
    assertThatThrownBy(() -> warmup(0, 0.1)).hasMessageContaining("warmup_iters");
    assertThatThrownBy(() -> warmup(3, 0)).hasMessageContaining("warmup_ratio");
    assertThatThrownBy(() -> warmup(3, 1.5)).hasMessageContaining("warmup_ratio");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {policy: cosine}                                     | policy: unknown policy 'cosine'
          {policy: cosineannealing}                            | did you mean 'CosineAnnealing'?
          {policy: exp}                                        | gamma: missing
          {policy: poly, power: high}                          | power: expected a number
          {policy: step, step: [1, 2.5]}                       | step[1]: expected a whole number
          {policy: step, step: -1}                             | step: step must be above 0
          {policy: CosineAnnealing}                            | min_lr: missing; expected min_lr or min_lr_ratio
          {policy: LinearAnnealing, min_lr: 0, min_lr_ratio: 1} | min_lr_ratio: given beside min_lr
          {policy: FlatCosineAnnealing, min_lr: 0, start_percent: 1}   | got the whole number 1
          {policy: FlatCosineAnnealing, min_lr: 0, start_percent: 1.5} | start_percent: start_percent must be 0 to 1
          {policy: CosineRestart, min_lr: 0}                   | periods: missing
          {policy: CosineRestart, min_lr: 0, periods: [1, 2]}  | periods: periods and restart_weights must be equally many
          {policy: cyclic, by_epoch: true}                     | by_epoch: Cyclic counts iterations
          {policy: cyclic, target_ratio: 10}                   | target_ratio: expected a pair
          {policy: cyclic, target_ratio: [1, 2, 3]}            | target_ratio: expected a pair
          {policy: cyclic, anneal_strategy: cosine}            | anneal_strategy: expected one of cos, linear
          {policy: cyclic, gamma: 2}                           | gamma: must be above 0 and at most 1
          {policy: cyclic, cyclic_times: 0}                    | cyclic_times: cyclic_times must be at least 1
          {policy: OneCycle}                                   | max_lr: missing
          {policy: OneCycle, max_lr: 1, div_factor: 0}         | div_factor and final_div_factor must not be 0
          {policy: OneCycle, max_lr: 1, pct_start: 1}          | pct_start: expected a share
          {policy: OneCycle, max_lr: {SGD: 1}}                 | max_lr.SGD: expected a list of numbers
          {policy: fixed, warmup: cosine, warmup_iters: 3}     | warmup: expected one of constant, linear, exp
          {policy: fixed, warmup: linear, warmup_iters: 0}     | warmup_iters: warmup_iters must be at least 1
          {policy: fixed, stepp: 3}                            | stepp: unknown key
          {policy: Sequential}                                 | schedules: missing
          {policy: Sequential, schedules: [{policy: fixed}, {policy: fixed}]} | between each two of its parts
          {policy: Sequential, schedules: [{policy: fixed}, {policy: fixed}], milestones: [0]} | milestones: milestones must be above 0
          {policy: Sequential, schedules: [{policy: fixed, by_epoch: true}]} | schedules[0].by_epoch: unknown key
          {policy: Sequential, schedules: [{policy: cyclic}]}  | by_epoch: must be false
          {policy: Sequential, schedules: [{policy: Sequential}]} | schedules[0].policy: unknown policy
          """)
  @DisplayName("S09 what is wrong with lr_config is named with its key")
  void wrongConfigs(String section, String message) {
    assertThatThrownBy(() -> read(section))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("case.yaml:1: lr_config")
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("S09 all that is wrong is reported at once")
  void allAtOnce() {
    assertThatThrownBy(() -> read("{policy: step, step: two, warmup: exp, warmup_iters: 2.5}"))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).hasSize(2));
    assertThatThrownBy(
            () -> read("{policy: step, step: 0, gama: 1, warmup: linear, warmup_ratio: 2}"))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).hasSize(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {policy: CosineRestart, min_lr: 0, periods: [2, 3], restart_weights: [1, 1]} | periods [2, 3] end after 5, but the run has 6
          {policy: cyclic, cyclic_times: 25}             | cyclic_times is 25, but the run has only 24
          {policy: OneCycle, max_lr: 1, total_steps: 23} | total_steps is 23, but the run has 24
          {policy: OneCycle, max_lr: [1, 2, 3]}          | 3 values, but optimizer 'SGD' has 2 parameter groups
          {policy: OneCycle, max_lr: {Adam: [1, 2]}}     | no value for optimizer 'SGD' among [Adam]
          {policy: OneCycle, max_lr: {SGD: [1]}}         | 1 values, but optimizer 'SGD' has 2 parameter groups
          {policy: inv, gamma: -1, power: 0.5}           | must stay finite
          """)
  @DisplayName("S06 a schedule that doesn't fit the run is refused before it begins, with numbers")
  void unfit(String section, String message) {
    assertThatThrownBy(
            () -> {
              Timeline line = timeline(section);
              line.check(moment(0));
              for (int iter = 0; iter < 24; iter++) {
                line.values(moment(iter));
              }
            })
        .hasMessageContaining("lr_config: ")
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("S06 a schedule that needs a length that nobody knows says so")
  void unknownLength() {
    Moment endless = new Moment(0, 0, UNKNOWN, UNKNOWN, UNKNOWN);
    assertThat(timeline("{policy: step, step: 3}").values(endless)).containsExactly(0.1, 0.4);
    assertThatThrownBy(() -> timeline("{policy: poly}").values(endless))
        .hasMessageContaining("how long the run is");
  }

  @Test
  @DisplayName("S06 without a known length only what can't fit any run is refused")
  void unknownLengthFits() {
    Moment endless = new Moment(0, 0, UNKNOWN, UNKNOWN, UNKNOWN);
    for (String fits :
        List.of(
            "{policy: cyclic, by_epoch: false, cyclic_times: 1000}",
            "{policy: OneCycle, by_epoch: false, max_lr: 1, total_steps: 10}",
            "{policy: CosineRestart, periods: [5], min_lr: 0}",
            "{policy: Sequential, milestones: [10], schedules: [{policy: fixed}, {policy:"
                + " CosineRestart, periods: [5], min_lr: 0}]}")) {
      timeline(fits).check(endless);
    }
    String first = "{policy: CosineRestart, periods: [5], min_lr: 0}";
    String parts = "{policy: Sequential, milestones: [10], schedules: [" + first;
    assertThatThrownBy(() -> timeline(parts + ", {policy: fixed}]}").check(endless))
        .hasMessageContaining("periods [5] end after 5, but the run has 10");
  }

  @Test
  @DisplayName("S10 parts follow each other, each with its own length, from the same base")
  void sequence() {
    String parts = "[{policy: LinearAnnealing, min_lr_ratio: 3}, {policy: fixed}, {policy: poly}]";
    Timeline line = timeline("{policy: Sequential, milestones: [2, 3], schedules: " + parts + "}");
    double[] factors = {1, 2, 1, 1, 2 / 3.0, 1 / 3.0};
    for (int epoch = 0; epoch < 6; epoch++) {
      double[] values = line.values(moment(4 * epoch + 1));
      assertThat(values[0]).isCloseTo(0.1 * factors[epoch], within(1e-12));
      assertThat(values[1]).isCloseTo(0.4 * factors[epoch], within(1e-12));
    }
  }

  @Test
  @DisplayName("S10 a sequence may count iterations, warm up, and end before its last parts")
  void sequenceOfCycles() {
    Timeline line =
        timeline(
            "{policy: Sequential, by_epoch: false, milestones: [10, 99], warmup: constant,"
                + " warmup_iters: 2, warmup_ratio: 0.5, schedules: [{policy: cyclic}, {policy:"
                + " cyclic}, {policy: cyclic, cyclic_times: 1000}]}");
    line.check(moment(0));
    assertThat(line.values(moment(1))[0]).isCloseTo(0.05 * 2.31802, within(1e-5));
    assertThat(line.values(moment(4))[0]).isCloseTo(1, within(1e-12));
    assertThat(line.values(moment(10))[0]).isCloseTo(0.1, within(1e-12));
  }

  @Test
  @DisplayName("S03 S04 in an iteration-based run epochs are passes, of which there may be part")
  void epochsOfIterations() {
    Timeline line = timeline("{policy: LinearAnnealing, min_lr: 0}");
    Moment third =
        new Moment(2, 8, OptionalInt.of(4), UNKNOWN, OptionalInt.of(10)); // of 2.5 epochs
    assertThat(line.values(third)[0]).isCloseTo(0.1 * (1 - 2 / 2.5), within(1e-12));
  }

  /** Iteration {@code iter} of 6 epochs of 4 iterations. */
  private static Moment moment(int iter) {
    return new Moment(iter / 4, iter, OptionalInt.of(4), OptionalInt.of(6), OptionalInt.of(24));
  }

  private static Timeline timeline(String section) {
    GroupBases groups = new GroupBases(List.of("SGD", "default"), List.of(0.1, 0.4));
    return ((LrSchedule) read(section)).timeline(groups);
  }

  private static LrPlan read(String section) {
    ConfigErrors errors = new ConfigErrors();
    var config = Config.parse("lr_config: " + section, "case.yaml").reader(errors);
    var plan = LrConfig.read(config.section("lr_config"), Every.Unit.EPOCH);
    errors.throwIfAny();
    return plan.orElseThrow();
  }

  private static Warmup warmup(int length, double ratio) {
    return new Warmup(Warmup.Kind.LINEAR, length, Every.Unit.ITER, ratio);
  }
}
