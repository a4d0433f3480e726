package org.djlrunner.djl.data.wrap;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.djlrunner.djl.data.EncodedImages;

/** Image files whose bytes are their names, with the labels given. */
record WrappedImages(String title, List<String> classes, List<Integer> labels)
    implements EncodedImages {
  @Override
  public long size() {
    return labels.size();
  }

  @Override
  public int label(int index) {
    return labels.get(index);
  }

  @Override
  public String name(int index) {
    return title + index;
  }

  @Override
  public byte[] encoded(int index) {
    return name(index).getBytes(StandardCharsets.UTF_8);
  }
}
