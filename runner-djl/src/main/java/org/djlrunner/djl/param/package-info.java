/** Parameters in one flat arena, handed to DJL blocks as views. */
@NullMarked
package org.djlrunner.djl.param;

import org.jspecify.annotations.NullMarked;
