/** Optimizers over the arena, with PyTorch's formulas and names. */
@NullMarked
package org.djlrunner.djl.optim;

import org.jspecify.annotations.NullMarked;
