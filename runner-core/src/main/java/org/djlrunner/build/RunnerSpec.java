package org.djlrunner.build;

import java.util.OptionalInt;
import org.djlrunner.Every;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.spi.ModelStep;

/** A runner that a config describes, built once there is a model. */
public interface RunnerSpec {
  /** What intervals and schedules count where they don't say. */
  Every.Unit unit();

  /** Epochs after which the run ends, if it is limited by epochs. */
  default OptionalInt maxEpochs() {
    return OptionalInt.empty();
  }

  /** Training iterations after which the run ends, if it is limited by iterations. */
  default OptionalInt maxIters() {
    return OptionalInt.empty();
  }

  /** Begins building it. */
  <B> RunnerBuilder<B, ? extends Runner<B>> builder(ModelStep<B> model);
}
