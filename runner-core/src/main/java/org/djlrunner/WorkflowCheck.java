package org.djlrunner;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.djlrunner.spi.DataLoader;

/** Refuses workflows that can't be run with this model or these loaders. */
final class WorkflowCheck {
  private WorkflowCheck() {}

  static <B> void check(List<DataLoader<B>> loaders, Workflow workflow, Set<Mode> modes) {
    workflow.requireModes(modes);
    int flows = workflow.flows().size();
    if (loaders.size() != flows) {
      throw new IllegalArgumentException(
          String.format(
              "the workflow %s has %d %s, so it needs as many data loaders; got %d",
              workflow, flows, flows == 1 ? "flow" : "flows", loaders.size()));
    }
    for (int f = 0; f < flows; f++) {
      OptionalInt length = loaders.get(f).length();
      if (workflow.flows().get(f).count() > 0 && length.isPresent() && length.getAsInt() == 0) {
        throw new IllegalArgumentException(
            String.format(
                "the data loader of flow %d, %s, has no batches; check the data set's size, the"
                    + " batch size and drop_last",
                f, workflow.flows().get(f)));
      }
    }
  }
}
