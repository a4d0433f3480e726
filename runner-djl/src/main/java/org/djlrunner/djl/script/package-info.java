/** Networks that were exported from Python as TorchScript, as DJL blocks that train. */
@NullMarked
package org.djlrunner.djl.script;

import org.jspecify.annotations.NullMarked;
