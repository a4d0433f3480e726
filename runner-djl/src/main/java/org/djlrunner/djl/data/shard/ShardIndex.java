package org.djlrunner.djl.data.shard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.folder.ImageExtensions;
import org.jspecify.annotations.Nullable;

/** Finds the samples of a tar file by its headers and labels; images are skipped. */
final class ShardIndex {
  private final Path shard;
  private final ImageExtensions images;
  private final String labelKey;
  private final List<ShardSample> samples = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private String key = "";
  private @Nullable TarArchiveEntry image;
  private @Nullable ShardLabel label;

  private ShardIndex(Path shard, ImageExtensions images, String labelKey) {
    this.shard = shard;
    this.images = images;
    this.labelKey = labelKey;
  }

  /**
   * The samples of a shard, in its order.
   *
   * @throws DataException if it is missing or broken, or a sample is not whole
   */
  static List<ShardSample> read(Path shard, ImageExtensions images, String labelKey) {
    if (!Files.isRegularFile(shard)) {
      throw new DataException("there is no file " + shard + "; data_prefix names it");
    }
    ShardIndex index = new ShardIndex(shard, images, labelKey);
    try (TarFile tar = new TarFile(shard)) {
      for (TarArchiveEntry entry : tar.getEntries()) {
        if (entry.isFile()) {
          index.add(tar, entry);
        }
      }
      index.finishSample();
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(
          shard + " is truncated or no tar file: " + e.getMessage() + "; make it again", e);
    }
    if (index.samples.isEmpty()) {
      throw new DataException(
          shard + " holds no samples; looked for files that end with " + images);
    }
    return index.samples;
  }

  private void add(TarFile tar, TarArchiveEntry entry) throws IOException {
    String name = entry.getName();
    if (name.startsWith("._", name.lastIndexOf('/') + 1)) {
      return; // What macOS's tar puts beside a file for its attributes.
    }
    // The key ends at the first dot of the file's name: a.seg.png is the file seg.png of a.
    int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
    if (dot < 0) {
      return;
    }
    String own = name.substring(0, dot);
    if (!own.equals(key)) {
      finishSample();
      key = own;
    }
    String extension = name.substring(dot + 1).toLowerCase(Locale.ROOT);
    if (extension.equals("cls") || extension.equals("json")) {
      // A sample with both goes by its .cls.
      if (label == null || extension.equals("cls")) {
        label = ShardLabel.read(extension, labelKey, content(tar, entry), where(name));
      }
    } else if (images.endings().contains("." + extension)) {
      if (image != null) {
        throw new DataException(
            where(name) + " is a second image of its sample, beside " + image.getName());
      }
      image = entry;
    }
  }

  private byte[] content(TarFile tar, TarArchiveEntry entry) throws IOException {
    if (entry.getSize() > ShardLabel.MAX_BYTES) {
      throw new DataException(
          where(entry.getName()) + " is no label: it has " + entry.getSize() + " bytes");
    }
    try (InputStream in = tar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private void finishSample() {
    TarArchiveEntry found = image;
    ShardLabel its = label;
    image = null;
    label = null;
    if (found == null) {
      return;
    }
    if (its == null) {
      throw new DataException(
          where(found.getName()) + " has no label beside it; expected " + key + ".cls or .json");
    }
    if (!keys.add(key)) {
      throw new DataException(
          shard + " has the sample " + key + " twice, or its files don't stand together");
    }
    if (found.getSize() > Integer.MAX_VALUE - 8) {
      throw new DataException(where(found.getName()) + " is no image: it is over 2 GB");
    }
    samples.add(new ShardSample(key, found.getDataOffset(), (int) found.getSize(), its));
  }

  private String where(String name) {
    return shard + "!" + name;
  }
}
