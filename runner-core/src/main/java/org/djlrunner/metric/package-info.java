/** Scalars that may still live on a device, and the buffer that averages them. */
@NullMarked
package org.djlrunner.metric;

import org.jspecify.annotations.NullMarked;
