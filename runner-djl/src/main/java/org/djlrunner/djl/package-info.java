/** The runner on Deep Java Library; {@link org.djlrunner.djl.DjlRunners} is where to start. */
@NullMarked
package org.djlrunner.djl;

import org.jspecify.annotations.NullMarked;
