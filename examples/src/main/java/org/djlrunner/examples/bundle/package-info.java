/** Collects in one folder all that training needs on a machine without a network. */
@NullMarked
package org.djlrunner.examples.bundle;

import org.jspecify.annotations.NullMarked;
