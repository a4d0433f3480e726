/** The command line: {@code ./runner}. */
@NullMarked
package org.djlrunner.examples;

import org.jspecify.annotations.NullMarked;
