package org.djlrunner.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.djlrunner.RunSettings;
import org.djlrunner.Workflow;
import org.djlrunner.WorkflowPosition;
import org.djlrunner.checkpoint.CheckpointException;
import org.djlrunner.checkpoint.ResumeFrom;
import org.djlrunner.checkpoint.ResumePoint;
import org.djlrunner.hook.Hooks;
import org.djlrunner.spi.CheckpointCodec;

/**
 * Puts model, optimizers and hooks back to a checkpoint, and says where the run goes on.
 *
 * @param point where the run begins
 * @param kept what hooks had left in the run's meta data
 * @param notes what people should know
 */
public record Resumption(ResumePoint point, Map<String, Object> kept, List<String> notes) {
  /** A run that begins at the settings' counters. */
  public static Resumption none(RunSettings settings) {
    return new Resumption(settings.start(), Map.of(), List.of());
  }

  /**
   * Resumes, if the settings say so.
   *
   * @param walksFrom whether the runner can go on at a place in this workflow
   * @throws CheckpointException if the file can't be read or doesn't fit
   */
  public static Resumption of(
      RunSettings settings, Hooks hooks, Workflow workflow, Predicate<WorkflowPosition> walksFrom) {
    Optional<ResumeFrom> from = settings.resume();
    if (from.isEmpty()) {
      return none(settings);
    }
    CheckpointCodec codec =
        settings
            .checkpointCodec()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "resuming needs a checkpoint codec; give the runner's builder one"));
    try {
      return read(from.get(), codec, settings, hooks, workflow, walksFrom);
    } catch (IOException | IllegalArgumentException e) {
      throw CheckpointException.cannotResume(from.get().file(), e);
    }
  }

  private static Resumption read(
      ResumeFrom from,
      CheckpointCodec codec,
      RunSettings settings,
      Hooks hooks,
      Workflow workflow,
      Predicate<WorkflowPosition> walksFrom)
      throws IOException {
    Map<String, Object> meta = codec.readMeta(from.file());
    ResumePoint saved = ResumePoint.of(meta);
    List<String> notes = new ArrayList<>();
    // Hooks first: if one can't go on, the model is still what it was.
    List<String> remarks = HookStates.restore(hooks, saved.hooks());
    List<String> differences =
        codec.restore(
            from.file(),
            from.optimizers() ? settings.optimizers() : Map.of(),
            from.hyperparameters() == ResumeFrom.Hyperparameters.CHECKPOINT);
    notes.add(
        "Resumed from "
            + from.file()
            + ": "
            + counted(saved.epoch(), "epoch")
            + " and "
            + counted(saved.iter(), "iteration")
            + " are done");
    notes.addAll(differences);
    remarks.forEach(remark -> notes.add("WARNING: the checkpoint differs: " + remark));
    ResumePoint point = rescaled(saved, meta, settings, notes);
    return new Resumption(placed(point, workflow, walksFrom, notes), kept(meta, settings), notes);
  }

  private static String counted(int number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }

  private static ResumePoint rescaled(
      ResumePoint saved, Map<String, Object> meta, RunSettings settings, List<String> notes) {
    int before =
        meta.get(ResumePoint.WORLD_SIZE) instanceof Number size && size.intValue() > 0
            ? size.intValue()
            : settings.worldSize();
    ResumePoint point = saved.rescaled(before, settings.worldSize());
    if (point.iter() != saved.iter()) {
      notes.add(
          String.format(
              "The checkpoint was trained by %d processes, this run has %d: its %d iterations count"
                  + " as %d; learning rate and batch size stay as configured",
              before, settings.worldSize(), saved.iter(), point.iter()));
    }
    return point;
  }

  /** A position in another workflow means nothing: its round begins anew. */
  private static ResumePoint placed(
      ResumePoint point,
      Workflow workflow,
      Predicate<WorkflowPosition> walksFrom,
      List<String> notes) {
    boolean same = point.workflow().isEmpty() || point.workflow().equals(workflow.toString());
    WorkflowPosition position = point.position().orElse(WorkflowPosition.START);
    boolean walked = walksFrom.test(position);
    if (same && walked && position.flow() < workflow.flows().size()) {
      return point;
    }
    notes.add(
        "WARNING: the checkpoint's workflow was "
            + point.workflow()
            + ", this run's is "
            + workflow
            + (walked ? "" : ", which counts other units")
            + ": a round begins anew"
            + (position.inEpoch() ? ", and so does the epoch that was interrupted" : ""));
    return new ResumePoint(
        point.epoch(),
        point.iter(),
        0,
        Optional.of(WorkflowPosition.START),
        workflow.toString(),
        point.metrics(),
        point.reports(),
        point.hooks(),
        point.logWindows());
  }

  /** What this run doesn't say of itself was left by hooks, which find it again. */
  private static Map<String, Object> kept(Map<String, Object> meta, RunSettings settings) {
    Map<String, Object> kept = new LinkedHashMap<>(meta);
    kept.keySet().removeIf(name -> ResumePoint.isState(name) || settings.meta().containsKey(name));
    return kept;
  }
}
