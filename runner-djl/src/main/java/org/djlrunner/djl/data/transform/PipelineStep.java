package org.djlrunner.djl.data.transform;

/** An entry of a pipeline: a transform, or a word of MMClassification's that needs no work here. */
public sealed interface PipelineStep
    permits ImageTransform, LoadImageFromFile, Normalize, PipelineStep.Nothing {

  /**
   * Accepted and without effect: what {@code ImageToTensor}, {@code ToTensor} and {@code Collect}
   * do, the loader does for whole batches.
   */
  record Nothing() implements PipelineStep {}
}
