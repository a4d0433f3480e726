package org.djlrunner.djl.data.shard;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.djlrunner.config.NearNames;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.EncodedImages;
import org.djlrunner.djl.data.folder.ImageExtensions;

/**
 * Images in tar files, WebDataset's layout: a sample is the files that stand together and have the
 * same name up to its first dot, an image and a {@code .cls} or {@code .json} with its class.
 *
 * <p>Opening reads the headers and the labels of all shards, an image is read from its place when
 * it is asked for. In order, or through {@link org.djlrunner.djl.data.sampler.ShardSampler}, that
 * is reading the shards from front to back.
 */
public final class TarShards implements EncodedImages {
  private final List<Path> shards;
  private final List<String> classes;
  private final String[] keys;
  private final int[] shardOf;
  private final long[] offsets;
  private final int[] sizes;
  private final int[] labels;

  /**
   * Opens shards.
   *
   * @param shards the tar files, uncompressed
   * @param classes the names of the classes; empty for {@code 0}, {@code 1} and so on, up to the
   *     largest label
   * @param images how the names of images end
   * @param labelKey where a {@code .json} has the class
   * @throws DataException if a shard is missing or broken, or a sample is not whole
   */
  public TarShards(
      List<Path> shards, List<String> classes, ImageExtensions images, String labelKey) {
    this.shards = List.copyOf(shards);
    List<ShardSample> samples = new ArrayList<>();
    List<Integer> origins = new ArrayList<>();
    for (int shard = 0; shard < shards.size(); shard++) {
      List<ShardSample> found = ShardIndex.read(shards.get(shard), images, labelKey);
      samples.addAll(found);
      for (int i = 0; i < found.size(); i++) {
        origins.add(shard);
      }
    }
    this.keys = samples.stream().map(ShardSample::key).toArray(String[]::new);
    this.shardOf = origins.stream().mapToInt(Integer::intValue).toArray();
    this.offsets = samples.stream().mapToLong(ShardSample::offset).toArray();
    this.sizes = samples.stream().mapToInt(ShardSample::bytes).toArray();
    this.labels = labels(samples, classes);
    this.classes =
        classes.isEmpty()
            ? IntStream.rangeClosed(0, IntStream.of(labels).max().orElse(0))
                .mapToObj(Integer::toString)
                .toList()
            : List.copyOf(classes);
  }

  @Override
  public long size() {
    return labels.length;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return shards.get(shardOf[index]) + "!" + keys[index];
  }

  @Override
  public byte[] encoded(int index) throws IOException {
    if (sizes[index] == 0) {
      throw new IOException("the image is empty");
    }
    ByteBuffer bytes = ByteBuffer.allocate(sizes[index]);
    // Opened for each: a channel shared by workers would be closed for all by one's interrupt.
    try (FileChannel shard = FileChannel.open(shards.get(shardOf[index]))) {
      while (bytes.hasRemaining()) {
        if (shard.read(bytes, offsets[index] + bytes.position()) < 0) {
          throw new EOFException("the shard ends within the image");
        }
      }
    } catch (ClosedByInterruptException e) {
      throw new IOException("interrupted", e);
    }
    return bytes.array();
  }

  private int[] labels(List<ShardSample> samples, List<String> names) {
    Map<String, Integer> byName = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      byName.put(names.get(i), i);
    }
    int[] found = new int[samples.size()];
    for (int i = 0; i < found.length; i++) {
      String text = samples.get(i).label().text();
      // A number is a class's place, also where classes are called by numbers.
      Integer named = text.matches("-?\\d{1,9}") ? Integer.valueOf(text) : byName.get(text);
      if (named == null) {
        throw new DataException(
            String.format(
                "the class of sample %d (%s) is '%s'%s; expected a number from 0%s",
                i,
                name(i),
                text,
                NearNames.suggestion(text, names),
                names.isEmpty() ? "; give classes if they have names" : " or one of classes"));
      }
      found[i] = named;
      if (found[i] < 0 || (!names.isEmpty() && found[i] >= names.size())) {
        throw new DataException(
            String.format(
                "the label of sample %d (%s) is %s; expected 0 to %s",
                i, name(i), text, names.isEmpty() ? "the number of classes" : names.size() - 1));
      }
    }
    return found;
  }
}
