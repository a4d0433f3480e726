/** Losses, each one call into libtorch. */
@NullMarked
package org.djlrunner.djl.loss;

import org.jspecify.annotations.NullMarked;
