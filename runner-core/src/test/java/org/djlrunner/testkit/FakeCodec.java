package org.djlrunner.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A codec whose files hold the run's meta data as text. */
public final class FakeCodec implements WrittenMeta {
  @Override
  public void write(Path file, Map<String, ?> meta) throws IOException {
    Files.writeString(file, meta.toString());
  }
}
