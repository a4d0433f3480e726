package org.djlrunner.build;

import java.time.Duration;
import java.util.OptionalInt;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.spi.ModelStep;
import org.jspecify.annotations.Nullable;

/** One of our runners as a config describes it. */
record LimitedRunner(Every.Unit unit, int limit, @Nullable Duration maxDuration)
    implements RunnerSpec {
  @Override
  public OptionalInt maxEpochs() {
    return unit == Every.Unit.EPOCH ? OptionalInt.of(limit) : OptionalInt.empty();
  }

  @Override
  public OptionalInt maxIters() {
    return unit == Every.Unit.ITER ? OptionalInt.of(limit) : OptionalInt.empty();
  }

  @Override
  public <B> RunnerBuilder<B, ? extends Runner<B>> builder(ModelStep<B> model) {
    RunnerBuilder<B, ? extends Runner<B>> builder =
        unit == Every.Unit.EPOCH
            ? EpochBasedRunner.builder(model, limit)
            : IterBasedRunner.builder(model, limit);
    return maxDuration == null ? builder : builder.maxDuration(maxDuration);
  }
}
