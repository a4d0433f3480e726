package org.djlrunner.djl.doctor;

import java.io.IOException;
import java.nio.file.Path;

/** How to get from the native for the CPU to the one for CUDA. */
final class FlavorSwitch {

  private FlavorSwitch() {}

  static String advice(Machine machine) {
    if (machine.env("RUNNER_BUNDLE") != null) {
      return "make this bundle anew with --cuda (./runner bundle --cuda --out DIR)";
    }
    return "start once with ./runner --cuda ... (own builds: mvn -Pcuda); it downloads 2.5 GB and"
        + " unpacks 4.2 GB"
        + room(machine);
  }

  private static String room(Machine machine) {
    Path folder = CacheProbe.nearestExisting(machine, CacheProbe.folder(machine));
    try {
      long free = machine.freeBytes(folder);
      return free >= NativeJar.ROOM_FOR_CUDA
          ? ""
          : ", but only " + Bytes.text(free) + " are free in " + folder + ": make room first";
    } catch (IOException e) {
      return "";
    }
  }
}
