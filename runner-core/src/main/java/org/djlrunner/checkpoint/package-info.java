/** Checkpoints on disk: written whole or not at all. */
@NullMarked
package org.djlrunner.checkpoint;

import org.jspecify.annotations.NullMarked;
