package org.djlrunner.djl.doctor;

import java.util.List;

/** Which Java runs this, on which system. */
final class JavaProbe {

  private JavaProbe() {}

  static List<Finding> examine(Machine machine) {
    return List.of(java(machine), system(machine), memory(machine));
  }

  private static Finding java(Machine machine) {
    return Finding.ok(
        "Java",
        "%s (%s), %s"
            .formatted(
                machine.propertyOr("java.version", "unknown"),
                machine.propertyOr("java.vendor", "unknown vendor"),
                machine.propertyOr("java.home", "unknown home")));
  }

  private static Finding system(Machine machine) {
    String libc = machine.libc();
    String text =
        "%s %s, %s"
            .formatted(
                machine.propertyOr("os.name", "unknown"),
                machine.propertyOr("os.version", ""),
                Platform.of(machine).arch());
    if (libc == null) {
      return Finding.ok("System", text);
    }
    return libc.equals("musl")
        ? Finding.error(
            "System",
            text + ", musl: libtorch is built for glibc",
            "use a distribution or image with glibc, such as Debian or Ubuntu, not Alpine")
        : Finding.ok("System", text + ", " + libc);
  }

  private static Finding memory(Machine machine) {
    long physical = machine.physicalBytes();
    String text = "Java heap up to " + Bytes.text(machine.heapBytes());
    return Finding.ok(
        "Memory",
        physical == 0 ? text : text + " of " + Bytes.text(physical) + "; tensors lie outside it");
  }
}
