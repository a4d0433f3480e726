package org.djlrunner.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.djlrunner.spi.CheckpointCodec;

/**
 * A folder of checkpoints in which every file is either whole or not there.
 *
 * <p>A file is written under a temporary name, flushed to the disk and renamed; then the text file
 * {@code latest} comes to name it. A crash at any point leaves the previous checkpoint and a {@code
 * latest} that is right. What it leaves under temporary names is removed at the next write.
 */
public final class CheckpointStore {
  /** The file that holds the newest complete checkpoint's name. */
  public static final String LATEST = "latest";

  /** A larger {@code latest} is no name, but a checkpoint or what links to one. */
  private static final int MAX_NAME = 4096;

  private final Path folder;

  /** A store in a folder that exists. */
  public CheckpointStore(Path folder) {
    this.folder = folder;
  }

  /** Writes a file's content to a path that doesn't exist yet. */
  @FunctionalInterface
  public interface Writer {
    /** Writes all of it. */
    void writeTo(Path file) throws IOException;
  }

  /**
   * A checkpoint and how far its run had come.
   *
   * @param file where it is
   * @param epoch finished epochs
   * @param iter finished iterations
   */
  public record Candidate(Path file, int epoch, int iter) {}

  /**
   * The checkpoint that a path means: a file that is one, or the one that {@code latest} names,
   * where the path is that file or its folder.
   *
   * @throws IOException if a folder has no {@code latest}
   */
  public static Path meantBy(Path path) throws IOException {
    boolean isFolder = Files.isDirectory(path);
    Path latest = isFolder ? path.resolve(LATEST) : path;
    if (isFolder && !Files.isRegularFile(latest)) {
      throw new IOException(
          path
              + " is a folder without the file '"
              + LATEST
              + "', which names a run's newest checkpoint; name a checkpoint's file");
    }
    boolean isPointer =
        latest.endsWith(LATEST) && Files.isRegularFile(latest) && Files.size(latest) < MAX_NAME;
    return isPointer ? latest.resolveSibling(Files.readString(latest).strip()) : path;
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /**
   * Writes a checkpoint and makes it the latest.
   *
   * @param name the file's name, such as {@code epoch_1.safetensors}; replaced if it exists
   * @return the file
   * @throws IOException if it can't be written; the file is then what it was, or already the new
   *     one where only {@code latest} could not follow
   */
  public Path save(String name, Writer writer) throws IOException {
    Path file = write(name, writer);
    makeLatest(name);
    return file;
  }

  /**
   * Writes a checkpoint and leaves {@code latest} alone.
   *
   * @param name the file's name; replaced if it exists
   * @return the file
   * @throws IOException if it can't be written, with the bytes written and free; the file is then
   *     what it was
   */
  public Path write(String name, Writer writer) throws IOException {
    DurableFile.removeAbandoned(folder);
    DurableFile.replace(folder, name, writer);
    return folder.resolve(name);
  }

  /** Makes {@code latest} name a checkpoint that was written. */
  public void makeLatest(String name) throws IOException {
    DurableFile.replace(
        folder, LATEST, path -> Files.writeString(path, name + "\n", StandardCharsets.UTF_8));
  }

  /**
   * The checkpoints by finished iterations, newest first; of equal ones best files come last. Those
   * that {@code checkpoints.json} lists come before all others, which an earlier run in the same
   * folder may have left. Only what describes a file is read, so a candidate may still turn out to
   * be damaged.
   *
   * @param warnings told of each file that can't be one, and why
   * @throws IOException if the folder can't be listed
   */
  public List<Candidate> newest(CheckpointCodec codec, Consumer<String> warnings)
      throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    for (Path file : files(codec)) {
      candidate(file, codec, warnings).ifPresent(candidates::add);
    }
    Set<String> listed = listed(warnings);
    candidates.sort(
        Comparator.comparing((Candidate c) -> listed.contains(c.file().getFileName().toString()))
            .thenComparingInt(Candidate::iter)
            .thenComparingInt(Candidate::epoch)
            .reversed()
            .thenComparing(c -> BestFiles.isName(c.file().getFileName().toString()))
            .thenComparing(Candidate::file));
    return candidates;
  }

  /**
   * The newest checkpoint that is whole, verified from end to end.
   *
   * @param warnings told of each newer file that is none, and why
   * @throws IOException if the folder can't be listed
   */
  public Optional<Candidate> newestValid(CheckpointCodec codec, Consumer<String> warnings)
      throws IOException {
    for (Candidate candidate : newest(codec, warnings)) {
      try {
        codec.verify(candidate.file());
        return Optional.of(candidate);
      } catch (IOException e) {
        warnings.accept(passedOver(candidate.file(), String.valueOf(e.getMessage())));
      }
    }
    return Optional.empty();
  }

  /**
   * The files that look like checkpoints, whole or not.
   *
   * @throws IOException if the folder can't be listed
   */
  public List<Path> files(CheckpointCodec codec) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, path -> isCheckpoint(path, codec))) {
      files.forEach(found::add);
    }
    return found;
  }

  /** The names of the files that the folder's last run, and those it went on from, keep. */
  private Set<String> listed(Consumer<String> warnings) {
    try {
      return new CheckpointIndex(folder)
          .read().stream().map(KeptFile::name).collect(Collectors.toSet());
    } catch (IOException e) {
      warnings.accept(String.valueOf(e.getMessage()));
      return Set.of();
    }
  }

  private static boolean isCheckpoint(Path path, CheckpointCodec codec) {
    String name = path.getFileName().toString();
    return !name.startsWith(".")
        && name.endsWith("." + codec.extension())
        && Files.isRegularFile(path);
  }

  private static Optional<Candidate> candidate(
      Path file, CheckpointCodec codec, Consumer<String> warnings) {
    try {
      Map<String, Object> meta = codec.readMeta(file);
      if (meta.get("iter") instanceof Number iter && meta.get("epoch") instanceof Number epoch) {
        return Optional.of(new Candidate(file, epoch.intValue(), iter.intValue()));
      }
      warnings.accept(passedOver(file, "it doesn't say after which epoch and iteration it is"));
    } catch (IOException e) {
      warnings.accept(passedOver(file, String.valueOf(e.getMessage())));
    }
    return Optional.empty();
  }

  private static String passedOver(Path file, String why) {
    return "The checkpoint " + file + " is passed over: " + why;
  }
}
