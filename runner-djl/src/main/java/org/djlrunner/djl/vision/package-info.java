/** Image classifiers, with state-dict names as torchvision writes them. */
@NullMarked
package org.djlrunner.djl.vision;

import org.jspecify.annotations.NullMarked;
