package org.djlrunner.djl.experiment;

import org.djlrunner.hook.Hook;

/** A hook that a config describes, built once there is something to hook into. */
@FunctionalInterface
public interface HookSpec {
  /** Builds it for one run. */
  Hook create(TrainingParts parts);
}
