package org.djlrunner.djl.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The folder DJL unpacks libraries to, and whether DJL may use the network. */
final class CacheProbe {

  private static final String TOPIC = "Cache";

  private CacheProbe() {}

  static List<Finding> examine(Machine machine, NativeProbe natives) {
    List<Finding> findings = new ArrayList<>();
    findings.add(cache(machine, natives));
    findings.add(network(machine));
    return findings;
  }

  /** DJL's own rule (its {@code Utils.getEngineCacheDir}), on any {@link Machine}. */
  static Path folder(Machine machine) {
    for (String name : List.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR")) {
      String folder = machine.setting(name);
      if (folder != null) {
        return Path.of(folder);
      }
    }
    Path home = Path.of(machine.propertyOr("user.home", "/"));
    Path base =
        machine.isWritable(home) ? home : Path.of(machine.propertyOr("java.io.tmpdir", "/tmp"));
    return base.resolve(".djl.ai");
  }

  /** Whether the native can be unpacked, or is. */
  static Finding cache(Machine machine, NativeProbe natives) {
    Path folder = folder(machine);
    Path existing = nearestExisting(machine, folder);
    NativeJar jar = natives.jar();
    Path unpacked = jar == null ? null : folder.resolve(jar.cacheFolder());
    if (unpacked != null
        && machine.exists(unpacked.resolve(Platform.of(machine).library("torch")))) {
      return Finding.ok(TOPIC, unpacked + ", unpacked");
    }
    if (natives.folder() != null) {
      return Finding.ok(TOPIC, folder + ", not needed");
    }
    if (!machine.isFolder(existing) || !machine.isWritable(existing)) {
      return Finding.error(
          TOPIC,
          folder + " can't be written: " + existing + " is not a writable folder",
          "set DJL_CACHE_DIR to a folder that is");
    }
    return space(machine, folder, existing, jar);
  }

  private static Finding space(
      Machine machine, Path folder, Path existing, @Nullable NativeJar jar) {
    String text = folder + (existing.equals(folder) ? ", writable" : ", can be created");
    long free;
    try {
      free = machine.freeBytes(existing);
    } catch (IOException e) {
      return Finding.note(TOPIC, text + ", free space unknown: " + e.getMessage());
    }
    long needed = jar == null ? 0 : jar.unpackedBytes();
    text += ", " + Bytes.text(free) + " free";
    if (free >= needed) {
      return jar != null && jar.isCuda() && free < NativeJar.ROOM_FOR_CUDA
          ? Finding.warning(
              TOPIC,
              text + "; unpacking the native takes " + Bytes.text(needed) + ", which leaves little",
              "have 7 GB free there, or set DJL_CACHE_DIR to a folder with more")
          : Finding.ok(TOPIC, text);
    }
    return Finding.error(
        TOPIC,
        text + "; unpacking the native takes " + Bytes.text(needed),
        "make room there, or set DJL_CACHE_DIR to a folder with more");
  }

  static Path nearestExisting(Machine machine, Path folder) {
    Path at = folder.toAbsolutePath();
    while (!machine.exists(at) && at.getParent() != null) {
      at = Objects.requireNonNull(at.getParent());
    }
    return at;
  }

  /** DJL's own rule (its {@code Utils.isOfflineMode}), on any {@link Machine}. */
  static boolean isOffline(Machine machine) {
    String mode = machine.env("DJL_OFFLINE");
    if (mode == null) {
      mode = machine.property("ai.djl.offline");
    }
    if (mode == null) {
      mode = machine.property("offline");
    }
    return Boolean.parseBoolean(mode);
  }

  private static Finding network(Machine machine) {
    return isOffline(machine)
        ? Finding.ok("Network", "DJL is offline: it downloads nothing")
        : Finding.ok(
            "Network", "DJL may download data sets and models (DJL_OFFLINE=true stops it)");
  }
}
