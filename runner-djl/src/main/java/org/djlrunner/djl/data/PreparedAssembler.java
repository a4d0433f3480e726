package org.djlrunner.djl.data;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.djlrunner.djl.data.transform.Picture;
import org.djlrunner.djl.data.transform.SampleRandom;
import org.jspecify.annotations.Nullable;
import org.opencv.core.CvException;

/**
 * Puts samples through a pipeline straight into a slot.
 *
 * <p>A sample's random numbers follow from seed, pass, its index and the visit to it alone, so that
 * it does not matter which worker takes it when.
 */
final class PreparedAssembler implements BatchAssembler {
  /** Samples in a row that may be skipped; more, and it is not samples that are broken. */
  static final int MAX_SKIPPED = 100;

  private final PreparedImages prepared;
  private final ImageShape shape;
  private final SkippedSamples skipped = new SkippedSamples();
  private final ConcurrentLinkedQueue<Bench> free = new ConcurrentLinkedQueue<>();

  /** What a worker works with. */
  private record Bench(Picture picture, SampleRandom random) {}

  /**
   * An assembler.
   *
   * @throws IllegalArgumentException if the images come out of different sizes
   */
  PreparedAssembler(PreparedImages prepared) {
    this.prepared = prepared;
    this.shape = prepared.shape();
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public @Nullable BatchMix mix() {
    return prepared.mix();
  }

  @Override
  public long seed() {
    return prepared.seed();
  }

  @Override
  public void add(PassOrder order, int place, BatchSlot slot) {
    Bench taken = free.poll();
    Bench bench = taken == null ? new Bench(new Picture(), new SampleRandom()) : taken;
    try {
      if (prepared.onError() == OnError.FAIL) {
        begin(order, place, bench);
        write(order.sample(place), bench, slot);
      } else {
        writeReadable(order, place, bench, slot);
      }
    } finally {
      free.add(bench);
    }
  }

  @Override
  public Optional<NDManager> owner() {
    return Optional.empty();
  }

  @Override
  public void close() {
    for (Bench bench = free.poll(); bench != null; bench = free.poll()) {
      bench.picture.close();
    }
  }

  private void begin(PassOrder order, int place, Bench bench) {
    bench.random.begin(prepared.seed(), order.pass(), order.sample(place), order.visit(place));
  }

  private void writeReadable(PassOrder order, int place, Bench bench, BatchSlot slot) {
    int size = prepared.size();
    int tries = Math.min(size, MAX_SKIPPED + 1);
    DataException first = null;
    for (int i = 0; i < tries; i++) {
      int candidate = (int) (((long) order.sample(place) + i) % size);
      int begin = slot.target().position();
      try {
        // Whatever a broken one drew before that was known.
        begin(order, place, bench);
        write(candidate, bench, slot);
        return;
      } catch (DataException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e; // The loader is being closed; nothing is wrong with the sample.
        }
        slot.target().position(begin);
        skipped.count(candidate, e);
        first = first == null ? e : first;
      }
    }
    throw new DataException(
        String.format(
            "%d samples in a row can't be read, so on_error: skip gives up; the first one: %s",
            tries, first == null ? "there is none" : first.getMessage()),
        first);
  }

  private void write(int index, Bench bench, BatchSlot slot) {
    LabelledImages images = prepared.images();
    int label = BatchAssembler.checkedLabel(images, index);
    try {
      Picture picture = bench.picture;
      begin(images, index, picture);
      prepared.pipeline().apply(picture, bench.random);
      if (picture.height() != shape.height()
          || picture.width() != shape.width()
          || picture.channels() != shape.channels()) {
        throw new DataException(
            String.format(
                "the pipeline made it %dx%dx%d, expected %s",
                picture.height(), picture.width(), picture.channels(), shape));
      }
      picture.writeTo(slot.target());
    } catch (DataException | IOException | CvException e) {
      throw new DataException(images.name(index) + ": " + reason(e), e);
    } catch (RuntimeException e) {
      throw new IllegalStateException("the pipeline failed on " + images.name(index) + ": " + e, e);
    }
    slot.addSample(index, label);
  }

  private void begin(LabelledImages images, int index, Picture picture) throws IOException {
    if (images instanceof EncodedImages files) {
      picture.beginEncoded(files.encoded(index), prepared.pipeline().reducedDecoding());
    } else if (images instanceof ImageDataset pixels) {
      ImageShape size = pixels.shape();
      byte[] target = picture.begin(size.height(), size.width(), size.channels());
      ByteBuffer buffer = ByteBuffer.wrap(target);
      pixels.read(index, buffer);
      BatchAssembler.requireWritten(pixels, index, buffer.position());
    }
  }

  private static String reason(Exception e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof CvException) {
      return "OpenCV can't do that: " + String.valueOf(e.getMessage()).strip();
    }
    if (e instanceof DataException) {
      return String.valueOf(e.getMessage());
    }
    return "can't be read: " + (e.getMessage() == null ? e : e.getMessage());
  }
}
