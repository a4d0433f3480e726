package org.djlrunner.djl.data.transform;

/**
 * Decodes image files to RGB, 8 bit.
 *
 * @param reduced whether JPEGs may be decoded at a half, quarter or eighth of their size where the
 *     next step makes them smaller still: faster, and smoother than skipping pixels; default true
 */
public record LoadImageFromFile(boolean reduced) implements PipelineStep {}
