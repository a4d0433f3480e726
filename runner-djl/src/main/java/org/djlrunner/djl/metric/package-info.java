/** Numbers that stay on the device until a log needs them. */
@NullMarked
package org.djlrunner.djl.metric;

import org.jspecify.annotations.NullMarked;
