package org.djlrunner.djl.experiment;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.LinkedHashMap;
import java.util.Map;
import org.djlrunner.djl.doctor.GpuIdentity;

/** The machine and the versions that a run depends on, for its checkpoints. */
final class Environment {
  private Environment() {}

  static Map<String, Object> describe(Device device) {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("java", System.getProperty("java.version", "unknown"));
    environment.put(
        "os", System.getProperty("os.name", "unknown") + " " + System.getProperty("os.arch", ""));
    environment.put("djl", Engine.getDjlVersion());
    environment.put("pytorch", Engine.getEngine("PyTorch").getVersion());
    environment.put("cpus", Runtime.getRuntime().availableProcessors());
    if (device.isGpu()) {
      environment.putAll(GpuIdentity.of(device).describe());
    }
    return environment;
  }
}
