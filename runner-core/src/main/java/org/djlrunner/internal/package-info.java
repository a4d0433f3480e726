/** The loops and the hook dispatch. Not for users: anything here may change. */
@NullMarked
package org.djlrunner.internal;

import org.jspecify.annotations.NullMarked;
