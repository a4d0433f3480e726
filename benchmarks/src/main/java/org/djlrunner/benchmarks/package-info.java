/** JMH benchmarks: training throughput next to DJL's own loop, and what the runner's loop costs. */
@NullMarked
package org.djlrunner.benchmarks;

import org.jspecify.annotations.NullMarked;
