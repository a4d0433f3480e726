package org.djlrunner.djl.compile;

/** Whether a network runs as one native call instead of block by block. */
public enum Compile {
  /**
   * It does if its blocks are DJL's or ours and all their operations are known; else it runs as
   * blocks, and the log says why.
   */
  AUTO,
  /** It must; a network that can't be compiled is refused. */
  ALWAYS,
  /** It doesn't. */
  NEVER
}
