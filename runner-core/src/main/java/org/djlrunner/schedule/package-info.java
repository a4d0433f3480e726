/** Schedules: hyper-parameters as pure functions of progress. */
@NullMarked
package org.djlrunner.schedule;

import org.jspecify.annotations.NullMarked;
