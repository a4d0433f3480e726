/** What an engine implements: model step, optimizer, data loader, checkpoint codec. */
@NullMarked
package org.djlrunner.spi;

import org.jspecify.annotations.NullMarked;
