/** What a user types: runners, workflow, progress and the result of a run. */
@NullMarked
package org.djlrunner;

import org.jspecify.annotations.NullMarked;
