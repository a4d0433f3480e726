/** Event files as TensorBoard reads them. */
@NullMarked
package org.djlrunner.log.tensorboard;

import org.jspecify.annotations.NullMarked;
