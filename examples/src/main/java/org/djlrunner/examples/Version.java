package org.djlrunner.examples;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {

  /** Maven writes it into the jar; a folder of classes has none. */
  private static final String MAVEN = "/META-INF/maven/org.djlrunner/examples/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    Properties pom = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(MAVEN)) {
      if (in != null) {
        pom.load(in);
      }
    }
    return new String[] {
      "djl-runner " + pom.getProperty("version", "(not packaged)"), "Java " + Runtime.version()
    };
  }
}
