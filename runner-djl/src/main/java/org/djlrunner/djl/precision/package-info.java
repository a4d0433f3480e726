/** The number types that a training step computes in. */
@NullMarked
package org.djlrunner.djl.precision;

import org.jspecify.annotations.NullMarked;
