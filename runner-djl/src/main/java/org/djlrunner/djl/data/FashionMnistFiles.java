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
import java.util.stream.Stream;

/** Fetches Fashion-MNIST's four files where there are none. */
final class FashionMnistFiles {
  private FashionMnistFiles() {}

  /**
   * Fetches all four files if the folder has none of them; failing that, leaves it as it is.
   *
   * @return why they could not be fetched, a sentence after a space; empty if there is nothing to
   *     say
   */
  static String fetchIfNoneIsThere(Path folder) {
    boolean any =
        IdxFolder.NAMES.stream()
            .flatMap(name -> Stream.of(name, name + ".gz"))
            .anyMatch(name -> Files.exists(folder.resolve(name)));
    // A folder that is not there may be a typing error: nobody wants the data set in it.
    if (!any && Files.isDirectory(folder)) {
      try {
        fetch(folder);
      } catch (IOException | RuntimeException e) {
        return " Fetching them failed: " + reason(e) + ".";
      }
    }
    return "";
  }

  private static void fetch(Path folder) throws IOException {
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

  private static String reason(Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + " " + root.getMessage();
  }
}
