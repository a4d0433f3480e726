/** The command line, and a run in a few lines of code. */
@NullMarked
package org.djlrunner.examples;

import org.jspecify.annotations.NullMarked;
