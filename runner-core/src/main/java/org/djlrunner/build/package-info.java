/** Runners and workflows from configs, as MMCV's {@code build_runner} makes them. */
@NullMarked
package org.djlrunner.build;

import org.jspecify.annotations.NullMarked;
