package org.djlrunner.djl.data.wrap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.djlrunner.djl.data.ClassDifference;
import org.djlrunner.djl.data.EncodedImages;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.data.ImageShape;
import org.djlrunner.djl.data.LabelledImages;

/** Data sets one after the other: MMClassification's {@code ConcatDataset}. */
public final class JoinedSamples {
  private JoinedSamples() {}

  /**
   * A data set of all of their samples.
   *
   * @param parts at least one; with the same classes, and all of pixels of one size or all of files
   * @throws IllegalArgumentException if they don't belong together
   */
  public static LabelledImages of(List<LabelledImages> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("datasets must list at least one data set");
    }
    LabelledImages first = parts.get(0);
    for (int i = 1; i < parts.size(); i++) {
      LabelledImages other = parts.get(i);
      int number = i;
      ClassDifference.between(first.classes(), other.classes())
          .ifPresent(
              difference -> {
                throw new IllegalArgumentException(
                    String.format(
                        "the classes of datasets[%d] are not those of datasets[0]: %s",
                        number, difference));
              });
      if (!kind(other).equals(kind(first))) {
        throw new IllegalArgumentException(
            String.format(
                "datasets[%d] has %s, datasets[0] has %s; they can't be joined",
                i, kind(other), kind(first)));
      }
    }
    Places places = Places.of(parts);
    if (first instanceof ImageDataset pixels) {
      return new Pixels(parts.stream().map(ImageDataset.class::cast).toList(), places, pixels);
    }
    return new Files(parts.stream().map(EncodedImages.class::cast).toList(), places);
  }

  private static String kind(LabelledImages images) {
    return images instanceof ImageDataset pixels ? "images of " + pixels.shape() : "image files";
  }

  /**
   * Where each part begins.
   *
   * @param starts the index of each part's first sample, and at the end the number of all
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Places(int[] starts) {
    static Places of(List<LabelledImages> parts) {
      int[] starts = new int[parts.size() + 1];
      for (int i = 0; i < parts.size(); i++) {
        starts[i + 1] = Math.toIntExact(starts[i] + parts.get(i).size());
      }
      return new Places(starts);
    }

    int size() {
      return starts[starts.length - 1];
    }

    int part(int index) {
      int found = Arrays.binarySearch(starts, index);
      if (found < 0) {
        return -found - 2;
      }
      // Of parts without samples, which begin where the next does, the last.
      while (starts[found + 1] == index) {
        found++;
      }
      return found;
    }

    int within(int index) {
      return index - starts[part(index)];
    }
  }

  private static final class Pixels extends ImageDataset {
    private final List<ImageDataset> parts;
    private final Places places;
    private final ImageDataset first;

    Pixels(List<ImageDataset> parts, Places places, ImageDataset first) {
      this.parts = parts;
      this.places = places;
      this.first = first;
    }

    @Override
    public ImageShape shape() {
      return first.shape();
    }

    @Override
    public List<String> classes() {
      return first.classes();
    }

    @Override
    public int label(int index) {
      return part(index).label(places.within(index));
    }

    @Override
    public String name(int index) {
      return part(index).name(places.within(index));
    }

    @Override
    public void read(int index, ByteBuffer target) {
      part(index).read(places.within(index), target);
    }

    @Override
    protected long availableSize() {
      return places.size();
    }

    private ImageDataset part(int index) {
      return parts.get(places.part(index));
    }
  }

  private record Files(List<EncodedImages> parts, Places places) implements EncodedImages {
    @Override
    public long size() {
      return places.size();
    }

    @Override
    public List<String> classes() {
      return parts.get(0).classes();
    }

    @Override
    public int label(int index) {
      return part(index).label(places.within(index));
    }

    @Override
    public String name(int index) {
      return part(index).name(places.within(index));
    }

    @Override
    public byte[] encoded(int index) throws IOException {
      return part(index).encoded(places.within(index));
    }

    private EncodedImages part(int index) {
      return parts.get(places.part(index));
    }
  }
}
