package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A batch as the loader would make it, kept on the Java heap for people to look at; no engine is
 * started.
 *
 * @param shape the size of every image
 * @param images the pixels of each, height-width-channel
 * @param captions what its label says, one for each image
 */
public record BatchPreview(ImageShape shape, List<ByteBuffer> images, List<String> captions) {
  /** Keeps its own copies of the lists. */
  public BatchPreview {
    images = List.copyOf(images);
    captions = List.copyOf(captions);
  }

  /**
   * The first batch of the first pass.
   *
   * @throws DataException if a sample can't be read
   */
  public static BatchPreview first(PreparedImages prepared, LoaderOptions options) {
    BatchAssembler assembler = BatchAssembler.of(prepared);
    try {
      PassOrder order =
          PassOrder.of(options.samplerOf(prepared.size(), prepared.images()::label), 0);
      int size = Math.min(options.batchSize(), order.size());
      BatchMix mix = prepared.mix();
      LabelForm form = mix == null ? LabelForm.HARD : new LabelForm(mix.classes());
      BatchSlot slot = new BatchSlot(size, assembler.shape(), form);
      assembler.fill(slot, order, 0, size);
      if (prepared.pipeline().swapsChannels()) {
        swap(slot.pixels().slice(0, size * assembler.shape().bytes()));
      }
      return of(slot, assembler.shape(), prepared.classes());
    } finally {
      assembler.close();
    }
  }

  /** Makes red-green-blue of what the network gets as blue-green-red. */
  private static void swap(ByteBuffer pixels) {
    for (int i = 0; i < pixels.capacity(); i += 3) {
      byte blue = pixels.get(i);
      pixels.put(i, pixels.get(i + 2)).put(i + 2, blue);
    }
  }

  private static BatchPreview of(BatchSlot slot, ImageShape shape, List<String> classes) {
    List<ByteBuffer> images = new ArrayList<>();
    List<String> captions = new ArrayList<>();
    ByteBuffer pixels = slot.pixels();
    for (int i = 0; i < slot.size(); i++) {
      images.add(pixels.slice(i * shape.bytes(), shape.bytes()));
      captions.add(
          slot.form().isSoft()
              ? mixed(slot.labels(), i, slot.form().classes(), classes)
              : name(slot.label(i), classes));
    }
    return new BatchPreview(shape, images, captions);
  }

  /** The two most probable classes with their shares. */
  private static String mixed(ByteBuffer labels, int sample, int count, List<String> classes) {
    FloatBuffer shares = labels.order(ByteOrder.nativeOrder()).asFloatBuffer();
    List<String> parts =
        IntStream.range(0, count)
            .boxed()
            .filter(c -> shares.get(sample * count + c) > 0)
            .sorted(Comparator.comparingDouble(c -> -shares.get(sample * count + c)))
            .map(
                c ->
                    String.format(
                        Locale.ROOT,
                        "%.0f%% %s",
                        100 * shares.get(sample * count + c),
                        name(c, classes)))
            .toList();
    return String.join(", ", parts);
  }

  private static String name(int label, List<String> classes) {
    return label < classes.size() ? classes.get(label) : "class " + label;
  }
}
