package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.List;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.transform.ImageTransform;
import org.djlrunner.djl.data.transform.Normalize;
import org.djlrunner.djl.data.transform.Pipeline;
import org.djlrunner.djl.data.transform.PipelineStep;

/** The list {@code pipeline} of a data set's section. */
final class PipelineSection {
  private static final String PIPELINE = "pipeline";

  private PipelineSection() {}

  /** Reads all steps; what is wrong is reported and left out. */
  static Pipeline read(ConfigReader section, Registry<PipelineStep> transforms) {
    List<PipelineStep> steps = new ArrayList<>();
    boolean normalized = false;
    for (ConfigReader config : section.sections(PIPELINE)) {
      PipelineStep step = transforms.build(config).orElse(null);
      if (step == null) {
        continue;
      }
      if (step instanceof Normalize) {
        config.require(!normalized, "type", "a pipeline normalises once, this is the second");
        normalized = true;
      } else if (step instanceof ImageTransform) {
        config.require(
            !normalized,
            "type",
            "Normalize is done on the device, behind all other transforms; put it last");
      }
      steps.add(step);
    }
    return Pipeline.of(steps);
  }
}
