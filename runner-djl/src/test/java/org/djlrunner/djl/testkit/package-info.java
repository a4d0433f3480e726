/** What the tests of this module share: a probe network, batches from arrays, recorded tensors. */
@NullMarked
package org.djlrunner.djl.testkit;

import org.jspecify.annotations.NullMarked;
