package org.djlrunner.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.djlrunner.Mode;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Loss;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;
import org.jspecify.annotations.Nullable;

/** A model without a network: it records its steps and hands out what it is told to. */
public final class FakeStep implements ModelStep<FakeBatch> {
  private final List<String> calls = new ArrayList<>();
  private BiFunction<Mode, FakeBatch, Map<String, Scalar>> logVars =
      (mode, batch) -> Map.of("loss", Scalar.of(1));
  private ToIntFunction<FakeBatch> numSamples = batch -> 1;
  private @Nullable Mode entered;
  private int openOutputs;
  private final List<Double> backwardScales = new ArrayList<>();

  /** Sets what steps log. */
  public FakeStep logging(BiFunction<Mode, FakeBatch, Map<String, Scalar>> logVars) {
    this.logVars = logVars;
    return this;
  }

  /** Sets how many samples each batch has. */
  public FakeStep samples(int numSamples) {
    return samples(batch -> numSamples);
  }

  /** Sets how many samples each batch has, batch by batch. */
  public FakeStep samples(ToIntFunction<FakeBatch> numSamples) {
    this.numSamples = numSamples;
    return this;
  }

  /** The steps so far, such as {@code train 0/1} for pass 0, batch 1. */
  public List<String> calls() {
    return calls;
  }

  /** The mode of the innermost scope, null outside any. */
  public @Nullable Mode entered() {
    return entered;
  }

  /** Step outputs not yet closed. */
  public int openOutputs() {
    return openOutputs;
  }

  /** How often a loss went backward. */
  public int backwards() {
    return backwardScales.size();
  }

  /** The factor of each backward, in order. */
  public List<Double> backwardScales() {
    return backwardScales;
  }

  @Override
  public StepOutput trainStep(FakeBatch batch, StepContext context) {
    return step(Mode.TRAIN, batch, backwardScales::add);
  }

  @Override
  public StepOutput valStep(FakeBatch batch, StepContext context) {
    return step(Mode.VAL, batch, null);
  }

  @Override
  public Scope enter(Mode mode) {
    Mode before = entered;
    entered = mode;
    return () -> entered = before;
  }

  private StepOutput step(Mode mode, FakeBatch batch, @Nullable Loss loss) {
    if (!mode.equals(entered)) {
      throw new IllegalStateException(mode + " step in mode " + entered);
    }
    calls.add(mode + " " + batch.pass() + "/" + batch.index());
    Map<String, Scalar> logged = logVars.apply(mode, batch);
    openOutputs++;
    return new StepOutput(loss, logged, numSamples.applyAsInt(batch), () -> openOutputs--);
  }
}
