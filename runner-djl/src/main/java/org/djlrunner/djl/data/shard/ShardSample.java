package org.djlrunner.djl.data.shard;

/**
 * Where a sample's image lies.
 *
 * @param key the part of its files' names that they have in common
 * @param offset of the image's first byte in the tar file
 * @param bytes of the image
 * @param label what its {@code .cls} or {@code .json} says
 */
record ShardSample(String key, long offset, int bytes, ShardLabel label) {}
