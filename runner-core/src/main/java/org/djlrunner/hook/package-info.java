/** Hooks: the stages of a run, their order, and the hooks that the runner ships with. */
@NullMarked
package org.djlrunner.hook;

import org.jspecify.annotations.NullMarked;
