package org.djlrunner.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.djlrunner.spi.CheckpointCodec;

/** A codec whose files hold the run's meta data as text. */
public final class FakeCodec implements CheckpointCodec {
  @Override
  public String extension() {
    return "txt";
  }

  @Override
  public void write(Path file, Map<String, ?> meta) throws IOException {
    Files.writeString(file, meta.toString());
  }
}
