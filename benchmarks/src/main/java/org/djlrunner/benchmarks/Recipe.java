package org.djlrunner.benchmarks;

/** What every peer of {@link LeNetThroughput} trains with, so that none does less work. */
final class Recipe {
  /** Images in a batch. */
  static final int BATCH_SIZE = 64;

  /** Batches in a pass, and passes in a training: one pass is one measured invocation. */
  static final int BATCHES = 200;

  /** Images in a pass. */
  static final int IMAGES = BATCH_SIZE * BATCHES;

  /** Iterations between two readings of the loss, each the mean of the losses since the last. */
  static final int LOG_INTERVAL = 50;

  /** The learning rate at first. */
  static final double LR = 0.05;

  /** The learning rate falls to a tenth after this many iterations; DJL insists on two steps. */
  static final int FIRST_LR_STEP = 120;

  /** It falls to a tenth again. */
  static final int SECOND_LR_STEP = 160;

  static final double MOMENTUM = 0.9;
  static final double WEIGHT_DECAY = 5e-4;

  /** The mean and the std that bring pixels to -1 to 1; in units of 0 to 255. */
  static final double PIXEL_CENTRE = 127.5;

  private Recipe() {}
}
