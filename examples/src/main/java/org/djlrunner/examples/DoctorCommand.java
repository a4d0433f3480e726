package org.djlrunner.examples;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.djlrunner.djl.doctor.Diagnosis;
import org.djlrunner.djl.doctor.DoctorReport;
import org.djlrunner.djl.doctor.NativeDoctor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code runner doctor}: prints what training can run on here, and why the GPU is or is not used.
 */
@Command(
    name = "doctor",
    description = {
      "Says what training can run on here, and why the GPU is or is not used.",
      "Exit code 0 when training can run on something, else 1."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    optionListHeading = "%nOptions:%n")
final class DoctorCommand implements Callable<Integer> {

  private final Supplier<Diagnosis> diagnosis;

  @Spec private CommandSpec spec;

  DoctorCommand() {
    this(() -> new NativeDoctor().examine());
  }

  DoctorCommand(Supplier<Diagnosis> diagnosis) {
    this.diagnosis = diagnosis;
    spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Diagnosis found = diagnosis.get();
    DoctorReport.lines(found).forEach(spec.commandLine().getOut()::println);
    return found.canTrain() ? 0 : 1;
  }
}
