/** Data sets and the loader that assembles their batches ahead of the step. */
@NullMarked
package org.djlrunner.djl.data;

import org.jspecify.annotations.NullMarked;
