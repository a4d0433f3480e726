package org.djlrunner.internal;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.djlrunner.Mode;
import org.djlrunner.spi.Evaluation;
import org.djlrunner.spi.ModeStep;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;

/** A model with the modes that a runner's builder added to its own. */
public final class DeclaredModes<B> implements ModelStep<B> {
  private final ModelStep<B> model;
  private final Map<Mode, ModeStep<B>> declared;

  /** The model and what it has no steps for. */
  public DeclaredModes(ModelStep<B> model, Map<Mode, ModeStep<B>> declared) {
    this.model = model;
    this.declared = new LinkedHashMap<>(declared);
  }

  @Override
  public StepOutput trainStep(B batch, StepContext context) {
    return model.trainStep(batch, context);
  }

  @Override
  public StepOutput valStep(B batch, StepContext context) {
    return model.valStep(batch, context);
  }

  @Override
  public Set<Mode> modes() {
    Set<Mode> modes = new LinkedHashSet<>(model.modes());
    modes.addAll(declared.keySet());
    return modes;
  }

  @Override
  public StepOutput runStep(Mode mode, B batch, StepContext context) {
    ModeStep<B> step = declared.get(mode);
    return step == null ? model.runStep(mode, batch, context) : step.step(batch, context);
  }

  @Override
  public Evaluation beginEvaluation() {
    return model.beginEvaluation();
  }

  @Override
  public Scope enter(Mode mode) {
    return model.enter(mode);
  }
}
