package org.djlrunner.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;

/** An optimizer that updates nothing and records what it is asked. */
public final class FakeOptimizer implements Optimizer {
  private final List<ParamGroup> groups = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final String kind;
  private Supplier<Scalar> finite = () -> Scalar.of(1);
  private Supplier<List<String>> idle = List::of;
  private Map<String, Object> parameters = Map.of();

  /** An optimizer with one group for each learning rate. */
  public FakeOptimizer(double... rates) {
    kind = "FakeOptimizer";
    for (double lr : rates) {
      groups.add(new ParamGroup("group " + groups.size(), Map.of("lr", lr, "momentum", 0.9)));
    }
  }

  /** An optimizer of a class, with one group for each mapping of option names to values. */
  public FakeOptimizer(String kind, List<Map<String, Double>> options) {
    this.kind = kind;
    options.forEach(own -> groups.add(new ParamGroup("group " + groups.size(), own)));
  }

  /** Sets what scaling answers: 1 where gradients are finite, else 0. */
  public FakeOptimizer finite(Supplier<Scalar> finite) {
    this.finite = finite;
    return this;
  }

  /** Sets what it says of parameters that take no part. */
  public FakeOptimizer idle(Supplier<List<String>> idle) {
    this.idle = idle;
    return this;
  }

  /** Sets what it updates. */
  public FakeOptimizer updates(Map<String, Object> parameters) {
    this.parameters = parameters;
    return this;
  }

  /** What was asked, in order. */
  public List<String> calls() {
    return calls;
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public List<ParamGroup> paramGroups() {
    return groups;
  }

  @Override
  public Map<String, Object> parameters() {
    return parameters;
  }

  @Override
  public List<String> idleParameters() {
    calls.add("idle");
    return idle.get();
  }

  @Override
  public void zeroGrad() {
    calls.add("zeroGrad");
  }

  @Override
  public void keepGrad() {
    calls.add("keepGrad");
  }

  @Override
  public Scalar scaleGrad(double factor) {
    calls.add("scale " + factor);
    return finite.get();
  }

  @Override
  public void clipGradValue(double clipValue) {
    calls.add("clipValue " + clipValue);
  }

  @Override
  public Scalar clipGradNorm(double maxNorm, double normType) {
    calls.add("clip " + maxNorm + " " + normType);
    return Scalar.of(3);
  }

  @Override
  public void step() {
    calls.add("step");
  }
}
