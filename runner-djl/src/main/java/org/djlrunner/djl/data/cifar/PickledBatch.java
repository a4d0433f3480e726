package org.djlrunner.djl.data.cifar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.cifar.PickleValue.NumberArray;
import org.jspecify.annotations.Nullable;

/** The Python layout: a dictionary with an array {@code data} of planes and a list of labels. */
final class PickledBatch {
  private PickledBatch() {}

  /**
   * Reads a file.
   *
   * @throws DataException if it is no pickle that {@link PickleReader} takes, or holds something
   *     else
   */
  static CifarBatch read(CifarKind kind, String file, byte[] content) {
    if (!(new PickleReader(file, content).read() instanceof Map<?, ?> batch)) {
      throw new DataException(file + " is no " + kind.title() + " batch: it holds no dictionary");
    }
    if (!(batch.get("data") instanceof NumberArray data) || !isImages(data)) {
      throw new DataException(
          String.format(
              "%s is no %s batch: expected 'data' of uint8 [N, %d], got %s",
              file, kind.title(), CifarBatch.IMAGE, described(batch.get("data"))));
    }
    if (!(batch.get(kind.labelKey()) instanceof List<?> labels)) {
      throw new DataException(
          String.format(
              "%s is no %s batch: it has no list '%s', but %s",
              file, kind.title(), kind.labelKey(), batch.keySet()));
    }
    int count = data.shape().get(0);
    if (labels.size() != count) {
      throw new DataException(
          String.format("%s holds %d images, but %d labels", file, count, labels.size()));
    }
    return batch(kind, file, data.bytes(), labels);
  }

  private static CifarBatch batch(CifarKind kind, String file, byte[] planes, List<?> labels) {
    byte[] checked = new byte[labels.size()];
    byte[] pixels = new byte[planes.length];
    for (int i = 0; i < checked.length; i++) {
      if (!(labels.get(i) instanceof Integer label)) {
        throw new DataException(
            String.format(
                "%s: the label of image %d is no number, but %s",
                file, i, described(labels.get(i))));
      }
      checked[i] = CifarBatch.label(kind, label, i, file, index -> "");
      CifarBatch.interleave(planes, i * CifarBatch.IMAGE, pixels, i * CifarBatch.IMAGE);
    }
    return new CifarBatch(file, checked, pixels);
  }

  private static boolean isImages(NumberArray data) {
    return data.type().equals("u1")
        && data.shape().size() == 2
        && data.shape().get(1) == CifarBatch.IMAGE
        && data.bytes().length == (long) data.shape().get(0) * CifarBatch.IMAGE;
  }

  private static String described(@Nullable Object value) {
    if (value instanceof NumberArray array) {
      return array.type() + " " + array.shape() + " in " + array.bytes().length + " bytes";
    }
    if (value instanceof byte[] bytes) {
      byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, 30));
      return "the text '" + new String(head, StandardCharsets.ISO_8859_1) + "'";
    }
    return value == null ? "nothing" : value.getClass().getSimpleName();
  }
}
