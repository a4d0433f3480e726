package org.djlrunner.djl.data;

import ai.djl.Application;
import ai.djl.basicdataset.BasicDatasets;
import ai.djl.repository.Artifact;
import ai.djl.repository.MRL;
import ai.djl.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of Fashion-MNIST's four files, and how they get there. */
final class FashionMnistFiles {
  private static final List<String> NAMES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  private final Path folder;
  private String fetchFailure = "";

  FashionMnistFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * A file of the folder, gzipped or not.
   *
   * @throws DataException if it is not there
   */
  Path find(String name) {
    return findIfThere(name).orElseThrow(() -> missing(name));
  }

  /** The same, empty if it is not there. */
  Optional<Path> findIfThere(String name) {
    return Stream.of(name + ".gz", name)
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** Fetches all four files if the folder has none of them; failing that, leaves it as it is. */
  void fetchIfNoneIsThere() {
    boolean any =
        NAMES.stream()
            .flatMap(name -> Stream.of(name, name + ".gz"))
            .anyMatch(name -> Files.exists(folder.resolve(name)));
    // A folder that is not there may be a typing error: nobody wants the data set in it.
    if (!any && Files.isDirectory(folder)) {
      try {
        fetch();
      } catch (IOException | RuntimeException e) {
        // The caller says which file is missing; this is why it could not be fetched.
        fetchFailure = " Fetching them failed: " + reason(e) + ".";
      }
    }
  }

  private void fetch() throws IOException {
    Repository repository = BasicDatasets.REPOSITORY;
    MRL name = repository.dataset(Application.CV.ANY, BasicDatasets.GROUP_ID, "fashmnist", "1.0");
    Artifact artifact = name.getDefaultArtifact();
    if (artifact == null) {
      throw new IOException("DJL's data repository does not list it");
    }
    name.prepare(artifact);
    for (Artifact.Item item : artifact.getFiles().values()) {
      Path fetched = repository.getFile(item, "");
      Path target = folder.resolve(fetched.getFileName());
      Path temporary = folder.resolve("." + fetched.getFileName() + ".tmp");
      Files.copy(fetched, temporary, StandardCopyOption.REPLACE_EXISTING);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private DataException missing(String name) {
    return new DataException(
        String.format(
            "the data folder %s %s.%s Put Fashion-MNIST's four files there (%s, each"
                + " with .gz) or point data_prefix to where they are",
            folder.toAbsolutePath().normalize(),
            Files.isDirectory(folder) ? "has no " + name + ".gz" : "does not exist",
            fetchFailure,
            String.join(", ", NAMES)));
  }

  private static String reason(Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + " " + root.getMessage();
  }
}
