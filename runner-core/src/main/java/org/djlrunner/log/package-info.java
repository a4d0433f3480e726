/** Log records and the sinks that write them. */
@NullMarked
package org.djlrunner.log;

import org.jspecify.annotations.NullMarked;
