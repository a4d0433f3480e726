/** A whole training run described by a config. */
@NullMarked
package org.djlrunner.djl.experiment;

import org.jspecify.annotations.NullMarked;
