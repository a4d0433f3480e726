/** Data sets made of others: parts, repetitions and sequences of them. */
@NullMarked
package org.djlrunner.djl.data.wrap;

import org.jspecify.annotations.NullMarked;
