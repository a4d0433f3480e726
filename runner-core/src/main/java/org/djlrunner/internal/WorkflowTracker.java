package org.djlrunner.internal;

import java.util.List;
import java.util.function.Supplier;
import org.djlrunner.IterLoader;
import org.djlrunner.Mode;
import org.djlrunner.WorkflowPosition;

/** Follows a walk through its workflow, so that a checkpoint can say where it stands. */
final class WorkflowTracker {
  private int flow;
  private int turn;
  private boolean inEpoch;
  private boolean inVal;
  private int batch;
  private Supplier<List<IterLoader.Position>> loaders = List::of;

  /** A walk that begins there. */
  WorkflowTracker(WorkflowPosition start) {
    flow = start.flow();
    turn = start.turn();
    inEpoch = start.inEpoch();
    inVal = start.inVal();
    batch = start.batch();
    loaders = start::loaders;
  }

  WorkflowPosition position() {
    return new WorkflowPosition(flow, turn, inEpoch, inVal, batch, loaders.get());
  }

  void follow(Supplier<List<IterLoader.Position>> positions) {
    loaders = positions;
  }

  void turn(int flowIndex, int turns) {
    flow = flowIndex;
    turn = turns;
    inVal = false;
  }

  void begun(Mode mode) {
    if (mode.equals(Mode.TRAIN)) {
      inEpoch = true;
      batch = 0;
    } else {
      inVal = true;
    }
  }

  /** A training batch was learned from. */
  void taken(int innerIter) {
    batch = innerIter + 1;
  }

  /** An epoch saw all of its batches. */
  void ended(Mode mode) {
    if (mode.equals(Mode.TRAIN)) {
      inEpoch = false;
      batch = 0;
    } else {
      inVal = false;
    }
  }
}
