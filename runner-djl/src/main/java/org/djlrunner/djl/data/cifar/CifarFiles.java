package org.djlrunner.djl.data.cifar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.djlrunner.djl.data.DataException;

/**
 * Where the files of a part are, and in which layout.
 *
 * @param kind the data set
 * @param layout how the files are written
 * @param place their folder, or the archive that holds them
 * @param archived whether it is an archive
 */
record CifarFiles(CifarKind kind, CifarLayout layout, Path place, boolean archived) {
  /** A batch is 31 MB or 155 MB; what is far larger is no batch, and not read into memory. */
  private static final long MAX_BYTES = 400_000_000;

  /**
   * Finds them: in the folder itself, in the folder that the published archives hold, or in such an
   * archive, whether the folder's or {@code prefix} itself; binary files before pickles.
   *
   * @throws DataException if there are none
   */
  static CifarFiles find(CifarKind kind, Path prefix) {
    return findIfThere(kind, prefix).orElseThrow(() -> missing(kind, prefix));
  }

  /** The same, empty if there are none. */
  static Optional<CifarFiles> findIfThere(CifarKind kind, Path prefix) {
    if (Files.isRegularFile(prefix)) {
      // Which layout a renamed archive has shows when it is read; its name is the best guess.
      boolean python = prefix.getFileName().toString().contains(CifarLayout.PYTHON.word());
      return Optional.of(
          new CifarFiles(kind, python ? CifarLayout.PYTHON : CifarLayout.BINARY, prefix, true));
    }
    return Stream.of(CifarLayout.values())
        .flatMap(
            layout ->
                Stream.of(prefix, prefix.resolve(kind.folder(layout)))
                    .map(folder -> new CifarFiles(kind, layout, folder, false)))
        .filter(CifarFiles::hasAny)
        .findFirst()
        .or(
            () ->
                Stream.of(CifarLayout.values())
                    .map(
                        layout ->
                            new CifarFiles(
                                kind, layout, prefix.resolve(kind.archive(layout)), true))
                    .filter(files -> Files.isRegularFile(files.place))
                    .findFirst());
  }

  /**
   * How many images a part has, by the sizes of its files; empty where it takes reading them.
   *
   * @throws DataException if a file is missing or of a wrong size
   */
  OptionalInt count(boolean test) {
    if (archived || layout != CifarLayout.BINARY) {
      return OptionalInt.empty();
    }
    int count = 0;
    for (String name : kind.files(layout, test)) {
      Path file = place.resolve(name);
      try {
        count += CifarRecords.count(kind, file.toString(), Files.size(file));
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
    return OptionalInt.of(count);
  }

  /**
   * Reads a part, file by file.
   *
   * @throws DataException if a file is missing or broken
   */
  List<CifarBatch> read(boolean test) {
    List<String> names = kind.files(layout, test);
    if (!archived) {
      return names.stream().map(this::fromFolder).toList();
    }
    Map<String, CifarBatch> batches = fromArchive(names);
    for (String name : names) {
      if (!batches.containsKey(name)) {
        throw new DataException(
            String.format(
                "%s holds no file %s, so it is no %s of the %s layout",
                place, name, kind.title(), layout.word()));
      }
    }
    return names.stream().map(batches::get).toList();
  }

  private boolean hasAny() {
    return Stream.of(true, false)
        .flatMap(test -> kind.files(layout, test).stream())
        .anyMatch(name -> Files.isRegularFile(place.resolve(name)));
  }

  private CifarBatch fromFolder(String name) {
    Path file = place.resolve(name);
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw tooLarge(file.toString(), Files.size(file));
      }
      return CifarBatch.read(kind, layout, file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private Map<String, CifarBatch> fromArchive(List<String> names) {
    Map<String, CifarBatch> batches = new HashMap<>();
    try (InputStream raw = Files.newInputStream(place);
        TarArchiveInputStream tar = new TarArchiveInputStream(decompressed(raw))) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null && batches.size() < names.size()) {
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        if (entry.isFile() && names.contains(name)) {
          String file = place + "!" + entry.getName();
          if (entry.getSize() > MAX_BYTES) {
            throw tooLarge(file, entry.getSize());
          }
          batches.put(name, CifarBatch.read(kind, layout, file, tar.readAllBytes()));
        }
        entry = tar.getNextEntry();
      }
    } catch (EOFException | ZipException e) {
      throw new DataException(
          place + " is truncated or damaged: " + e.getMessage() + "; fetch it again", e);
    } catch (IOException e) {
      throw unreadable(place, e);
    }
    return batches;
  }

  private InputStream decompressed(InputStream raw) throws IOException {
    String name = place.toString();
    return name.endsWith(".gz") || name.endsWith(".tgz") ? new GZIPInputStream(raw, 1 << 16) : raw;
  }

  private static DataException tooLarge(String file, long bytes) {
    return new DataException(file + " is no CIFAR batch: it has " + bytes + " bytes");
  }

  private static DataException unreadable(Path file, IOException e) {
    return new DataException(
        Files.exists(file)
            ? "cannot read " + file + ": " + e
            : "there is no file " + file + "; the other files of its folder are there",
        e);
  }

  private static DataException missing(CifarKind kind, Path prefix) {
    return new DataException(
        String.format(
            "the data folder %s %s. Expected there, in %s or in %s: %s; or %s or %s as they are"
                + " published",
            prefix.toAbsolutePath().normalize(),
            Files.isDirectory(prefix) ? "has no " + kind.title() : "does not exist",
            kind.folder(CifarLayout.BINARY),
            kind.folder(CifarLayout.PYTHON),
            kind.files(CifarLayout.BINARY, false).stream().collect(Collectors.joining(", ")),
            kind.archive(CifarLayout.BINARY),
            kind.archive(CifarLayout.PYTHON)));
  }
}
