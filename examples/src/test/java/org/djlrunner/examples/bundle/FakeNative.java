package org.djlrunner.examples.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A class path of jars that look like DJL's natives, JNI libraries and a few others. */
final class FakeNative {

  private final Path folder;
  private final List<Path> jars = new ArrayList<>();

  FakeNative(Path folder) {
    this.folder = folder;
  }

  /**
   * A native jar that says it holds these libraries, and holds those of them that are not absent.
   */
  FakeNative torch(String flavor, String classifier, List<String> libraries, List<String> absent)
      throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(
        "native/lib/pytorch.properties",
        "version=2.3.1-20240621\nflavor="
            + flavor
            + "\nclassifier="
            + classifier
            + "\nlibraries="
            + String.join(",", libraries));
    for (String library : libraries) {
      if (!absent.contains(library)) {
        entries.put("pytorch/" + flavor + '/' + classifier + '/' + library, "this is " + library);
      }
    }
    return jar("pytorch-native-" + flavor + "-2.3.1-" + classifier, entries);
  }

  FakeNative jni(String flavor) throws IOException {
    return jar(
        "pytorch-jni-2.3.1-0.29.0",
        Map.of(
            "jnilib/pytorch.properties",
            "jni_version=2.3.1-0.29.0",
            "jnilib/linux-x86_64/" + flavor + "/libdjl_torch.so",
            "the JNI library"));
  }

  FakeNative jar(String name, Map<String, String> entries) throws IOException {
    Path jar = Files.createDirectories(folder).resolve(name + ".jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    jars.add(jar);
    return this;
  }

  String classPath() {
    return String.join(":", jars.stream().map(Path::toString).toList());
  }
}
