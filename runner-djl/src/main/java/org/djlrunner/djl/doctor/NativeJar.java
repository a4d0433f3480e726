package org.djlrunner.djl.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.List;
import java.util.Properties;

/**
 * A jar with PyTorch's libraries, as its {@code native/lib/pytorch.properties} describes itself.
 *
 * @param version such as {@code 2.3.1-20240621}
 * @param flavor {@code cpu}, {@code cu121}, either with {@code -precxx11} behind it
 * @param classifier system and architecture, such as {@code linux-x86_64}
 * @param libraries the file names of its libraries
 * @param origin the jar's file name, for messages
 */
record NativeJar(
    String version, String flavor, String classifier, List<String> libraries, String origin) {

  /** Where each native jar describes itself. */
  static final String RESOURCE = "native/lib/pytorch.properties";

  /** What to have free before the CUDA native is downloaded (2.5 GB) and unpacked (4.2 GB). */
  static final long ROOM_FOR_CUDA = 7_000_000_000L;

  static NativeJar read(URL url) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = url.openStream()) {
      properties.load(in);
    }
    String path = url.getPath();
    int bang = path.indexOf("!/");
    String jar = bang < 0 ? path : path.substring(path.lastIndexOf('/', bang) + 1, bang);
    return new NativeJar(
        properties.getProperty("version", "unknown"),
        properties.getProperty("flavor", "unknown"),
        properties.getProperty("classifier", "unknown"),
        List.of(properties.getProperty("libraries", "").split(",")),
        jar);
  }

  boolean isCuda() {
    return flavor.startsWith("cu");
  }

  /** Where on the class path one of its libraries lies. */
  String resource(String library) {
    return "pytorch/" + flavor + '/' + classifier + '/' + library;
  }

  /** The folder under DJL's engine cache that it is unpacked to. */
  String cacheFolder() {
    return "pytorch/" + version + '-' + flavor + '-' + classifier;
  }

  /** What unpacking takes, in bytes: measured for 2.3.1. */
  long unpackedBytes() {
    return isCuda() ? 4_300 * Bytes.MIB : 500 * Bytes.MIB;
  }

  @Override
  public String toString() {
    return flavor + " for " + classifier + ", libtorch " + version + " (" + origin + ")";
  }
}
