/** CIFAR-10 and CIFAR-100 in the layouts they are published in, unpacked or not. */
@NullMarked
package org.djlrunner.djl.data.cifar;

import org.jspecify.annotations.NullMarked;
