/** The test kit: a fake engine, a recording hook, recorded vectors. Shared as the test-jar. */
@NullMarked
package org.djlrunner.testkit;

import org.jspecify.annotations.NullMarked;
