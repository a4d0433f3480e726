/** Weights on disk as safetensors. */
@NullMarked
package org.djlrunner.djl.checkpoint;

import org.jspecify.annotations.NullMarked;
