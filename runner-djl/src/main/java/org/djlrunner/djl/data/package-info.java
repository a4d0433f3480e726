/** Data sets, and the loaders that make their batches ahead of the step. */
@NullMarked
package org.djlrunner.djl.data;

import org.jspecify.annotations.NullMarked;
