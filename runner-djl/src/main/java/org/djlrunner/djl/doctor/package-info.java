/** One page that says what training can run on here, and why the GPU is or is not used. */
@NullMarked
package org.djlrunner.djl.doctor;

import org.jspecify.annotations.NullMarked;
