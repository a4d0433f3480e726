package org.djlrunner.djl.experiment;

import java.util.Map;
import java.util.OptionalInt;
import org.djlrunner.Mode;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;

/** A model's steps without a model: a batch is its number, and nothing is computed. */
final class DryStep implements ModelStep<Integer> {
  private static final Scope NOTHING = () -> {};

  @Override
  public StepOutput trainStep(Integer batch, StepContext context) {
    return new StepOutput(null, Map.of(), 1, NOTHING);
  }

  @Override
  public StepOutput valStep(Integer batch, StepContext context) {
    return new StepOutput(null, Map.of(), 1, NOTHING);
  }

  @Override
  public Scope enter(Mode mode) {
    return NOTHING;
  }

  /**
   * The data of such a model.
   *
   * @param batches batches in a pass
   */
  record Loader(int batches) implements DataLoader<Integer> {
    @Override
    public OptionalInt length() {
      return OptionalInt.of(batches);
    }

    @Override
    public DataPass<Integer> open(int pass, int firstBatch) {
      return new DataPass<>() {
        private int next = firstBatch;

        @Override
        public boolean hasNext() {
          return next < batches;
        }

        @Override
        public Integer next() {
          return next++;
        }

        @Override
        public void close() {
          // There is nothing to free.
        }
      };
    }
  }
}
