package org.djlrunner.djl.profile;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a recording holds of each operation.
 *
 * @param activities where work is looked at, at least one
 * @param shapes whether the shapes and types of its inputs
 * @param memory whether what is allocated and freed meanwhile
 */
public record ProfileOptions(Set<Activity> activities, boolean shapes, boolean memory) {
  /** A place where work is done. */
  public enum Activity {
    /** The host: libtorch's operations. */
    CPU,
    /** GPUs: kernels, copies, and calls of the CUDA runtime; nothing where there is none. */
    CUDA
  }

  /** Host and GPUs, names and times only. */
  public static final ProfileOptions DEFAULT =
      new ProfileOptions(EnumSet.allOf(Activity.class), false, false);

  /** Rejects recordings of nothing. */
  public ProfileOptions {
    activities = Set.copyOf(activities);
    if (activities.isEmpty()) {
      throw new IllegalArgumentException("activities must hold cpu, cuda or both, got none");
    }
  }
}
