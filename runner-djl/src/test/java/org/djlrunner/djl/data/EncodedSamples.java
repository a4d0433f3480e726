package org.djlrunner.djl.data;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Image files of several sizes; sample {@code i} is {@code folder/i.jpg}, of class i % 3. */
final class EncodedSamples implements EncodedImages {
  private final int size;
  private final Map<Integer, byte[]> broken = new TreeMap<>();

  EncodedSamples(int size) {
    this.size = size;
  }

  /** Puts other bytes in a sample's place; none for a file that is missing. */
  EncodedSamples with(int index, byte... bytes) {
    broken.put(index, bytes.clone());
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public List<String> classes() {
    return List.of("cat", "dog", "owl");
  }

  @Override
  public int label(int index) {
    return index % 3;
  }

  @Override
  public String name(int index) {
    return "folder/" + index + ".jpg";
  }

  @Override
  public byte[] encoded(int index) throws IOException {
    byte[] other = broken.get(index);
    if (other == null) {
      return ImageFiles.jpeg(ImageFiles.plain(40 + index, 50, index * 0x010305));
    }
    if (other.length == 0) {
      throw new NoSuchFileException(name(index));
    }
    return other;
  }
}
