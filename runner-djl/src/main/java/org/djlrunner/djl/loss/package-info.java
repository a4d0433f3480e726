/** Losses that are computed in one native call. */
@NullMarked
package org.djlrunner.djl.loss;

import org.jspecify.annotations.NullMarked;
