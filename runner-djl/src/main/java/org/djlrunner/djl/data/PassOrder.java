package org.djlrunner.djl.data;

import org.djlrunner.djl.data.sampler.Sampler;

/**
 * What a pass visits: samples in an order, and for each place which of the visits to its sample it
 * is, so that a sample that comes again is augmented anew.
 */
final class PassOrder {
  private final int pass;
  private final int[] samples;
  private final int[] visits;

  private PassOrder(int pass, int[] samples, int[] visits) {
    this.pass = pass;
    this.samples = samples;
    this.visits = visits;
  }

  /** The order of a sampler. */
  static PassOrder of(Sampler sampler, int pass) {
    int[] samples = sampler.order(pass);
    return new PassOrder(pass, samples, sampler.visits(pass, samples));
  }

  /** The pass's number. */
  int pass() {
    return pass;
  }

  /** How many places there are. */
  int size() {
    return samples.length;
  }

  /** The index of the sample at a place. */
  int sample(int place) {
    return samples[place];
  }

  /** Which of the pass's visits to its sample a place is, from 0. */
  int visit(int place) {
    return visits[place];
  }
}
