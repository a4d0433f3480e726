/** Fused operations written as TorchScript text, one native call each. */
@NullMarked
package org.djlrunner.djl.kernel;

import org.jspecify.annotations.NullMarked;
