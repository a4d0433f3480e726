/** In which order a pass visits the samples of a data set: pure functions of seed and pass. */
@NullMarked
package org.djlrunner.djl.data.sampler;

import org.jspecify.annotations.NullMarked;
