package org.djlrunner.testkit;

import java.util.ArrayList;
import java.util.List;
import org.djlrunner.metric.Scalar;

/** A device whose scalars are read on demand; counts copies and what is still alive. */
public final class FakeDevice implements Scalar.Source {
  private int copies;
  private boolean broken;
  private final List<Scalar.Deferred> alive = new ArrayList<>();

  private record OnDevice(double value, FakeDevice device) implements Scalar.Deferred {
    @Override
    public Scalar.Source source() {
      return device;
    }
  }

  /** A scalar on this device. */
  public Scalar scalar(double value) {
    OnDevice scalar = new OnDevice(value, this);
    alive.add(scalar);
    return scalar;
  }

  /** Reads fail from now on, or succeed again. */
  public void breakReads(boolean wanted) {
    broken = wanted;
  }

  /** How often scalars were copied over. */
  public int copies() {
    return copies;
  }

  /** Scalars neither read nor released. */
  public int alive() {
    return alive.size();
  }

  @Override
  public double[] read(List<Scalar.Deferred> scalars) {
    if (broken) {
      throw new IllegalStateException("the device is gone");
    }
    copies++;
    release(scalars);
    return scalars.stream().mapToDouble(scalar -> ((OnDevice) scalar).value).toArray();
  }

  @Override
  public void release(List<Scalar.Deferred> scalars) {
    for (Scalar.Deferred scalar : scalars) {
      if (!alive.removeIf(other -> other == scalar)) {
        throw new IllegalStateException("released twice: " + scalar);
      }
    }
  }
}
