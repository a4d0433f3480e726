package org.djlrunner.djl.experiment;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.data.folder.AnnotationFile;
import org.djlrunner.djl.data.folder.ClassFolders;
import org.djlrunner.djl.data.folder.ClassNames;
import org.djlrunner.djl.data.folder.ImageExtensions;
import org.djlrunner.djl.data.shard.ShardPattern;
import org.djlrunner.djl.data.shard.TarShards;

/** Reads the data sets of image files: in folders, in lists, and in tar files. */
final class FileDatasets {
  private static final String PREFIX = "data_prefix";
  private static final String CLASSES = "classes";

  private FileDatasets() {}

  /** {@code data_prefix, ann_file, classes, extensions}; {@code test_mode} changes nothing. */
  static DatasetSpec images(ConfigReader config) {
    String annotations = config.stringOrNull("ann_file");
    Path root = Path.of(annotations == null ? config.string(PREFIX) : config.string(PREFIX, ""));
    Supplier<List<String>> classes = classes(config);
    ImageExtensions extensions = extensions(config);
    config.bool("test_mode", false);
    return annotations == null
        ? () -> ClassFolders.open(root, classes.get(), extensions)
        : () -> AnnotationFile.open(Path.of(annotations), root, classes.get());
  }

  /** {@code data_prefix} (a name with ranges in braces), {@code classes, extensions, label_key}. */
  static DatasetSpec shards(ConfigReader config) {
    List<Path> shards = List.of();
    String pattern = config.string(PREFIX);
    try {
      shards = ShardPattern.expand(pattern).stream().map(Path::of).toList();
    } catch (IllegalArgumentException e) {
      config.error(PREFIX, String.valueOf(e.getMessage()));
    }
    config.require(
        pattern.isEmpty() || pattern.endsWith(".tar"),
        PREFIX,
        "expected uncompressed tar files, such as train-{000..009}.tar; got '" + pattern + "'");
    List<Path> files = shards;
    Supplier<List<String>> classes = classes(config);
    ImageExtensions extensions = extensions(config);
    String labelKey = config.string("label_key", "label");
    config.bool("test_mode", false);
    return () -> new TarShards(files, classes.get(), extensions, labelKey);
  }

  /** A list of names, or the file that has them, which is read when the data is opened. */
  private static Supplier<List<String>> classes(ConfigReader config) {
    if (config.has(CLASSES) && !config.isSequence(CLASSES)) {
      Path file = Path.of(config.string(CLASSES));
      return () -> ClassNames.read(file);
    }
    List<String> names = config.strings(CLASSES, List.of());
    config.require(
        new HashSet<>(names).size() == names.size(), CLASSES, "names a class twice: " + names);
    return () -> names;
  }

  private static ImageExtensions extensions(ConfigReader config) {
    List<String> endings = config.strings("extensions", ImageExtensions.DEFAULT.endings());
    config.require(!endings.isEmpty(), "extensions", "must name at least one, such as .jpg");
    return endings.isEmpty() ? ImageExtensions.DEFAULT : new ImageExtensions(endings);
  }
}
