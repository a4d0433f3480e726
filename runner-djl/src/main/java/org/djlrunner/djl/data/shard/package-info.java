/** Data sets in tar files, in WebDataset's layout. */
@NullMarked
package org.djlrunner.djl.data.shard;

import org.jspecify.annotations.NullMarked;
