/** Turns a network of DJL blocks into one TorchScript method, so that a step is one native call. */
@NullMarked
package org.djlrunner.djl.compile;

import org.jspecify.annotations.NullMarked;
