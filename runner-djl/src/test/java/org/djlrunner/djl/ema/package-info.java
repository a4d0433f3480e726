/** Recorded runs with averages of weights. */
@NullMarked
package org.djlrunner.djl.ema;

import org.jspecify.annotations.NullMarked;
