/**
 * What a pipeline does to one image before it becomes part of a batch, with MMClassification's
 * words: decoding, cropping, flipping, colours and random policies, in place on uint8 pixels.
 */
@NullMarked
package org.djlrunner.djl.data.transform;

import org.jspecify.annotations.NullMarked;
