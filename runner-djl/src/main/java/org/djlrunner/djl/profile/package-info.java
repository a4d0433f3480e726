/** What libtorch and the GPU do in an iteration, as a trace. */
@NullMarked
package org.djlrunner.djl.profile;

import org.jspecify.annotations.NullMarked;
