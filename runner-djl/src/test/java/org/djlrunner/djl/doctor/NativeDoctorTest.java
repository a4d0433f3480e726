package org.djlrunner.djl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The verdict on machines of all kinds. */
@DisplayName("X04 native doctor")
class NativeDoctorTest {

  private static Diagnosis examine(PretendMachine machine) {
    return new NativeDoctor(machine).examine();
  }

  private static PretendMachine gpuMachine() {
    return PretendMachine.linux().jar("cu121").driver().cudart().gpu("90");
  }

  @Test
  void gpuMachineTrainsOnTheGpu() {
    Diagnosis diagnosis = examine(gpuMachine());
    assertThat(diagnosis.devices()).containsExactly("gpu:0", "cpu");
    assertThat(diagnosis.gpuUsable()).isTrue();
    assertThat(diagnosis.gpuExplanation()).startsWith("Used: gpu:0 NVIDIA H100, 80.0 GiB");
    assertThat(diagnosis.findings()).allMatch(finding -> finding.level() == Level.OK);
  }

  @Test
  void cpuMachineTrainsOnTheCpuAndSaysWhatIsMissing() {
    Diagnosis diagnosis = examine(PretendMachine.linux().jar("cpu"));
    assertThat(diagnosis.devices()).containsExactly("cpu");
    assertThat(diagnosis.gpuExplanation())
        .contains("no NVIDIA driver: libcuda.so.1 not found", "the native is cpu", "RUNNER_NATIVE");
  }

  @Test
  void cpuNativeOnAGpuMachineIsWhyTheGpuIsNotUsed() {
    Diagnosis diagnosis = examine(PretendMachine.linux().jar("cpu").driver().cudart().gpu("90"));
    assertThat(diagnosis.devices()).containsExactly("cpu");
    assertThat(diagnosis.gpuExplanation())
        .startsWith("Not used: CPU native on the class path (cpu). To use it: start once with");
  }

  @Test
  void cudaNativeWithoutADriverIsAnErrorBecauseDjlWouldDownloadAnother() {
    PretendMachine machine = PretendMachine.linux().jar("cu121");
    Diagnosis diagnosis = examine(machine);
    assertThat(diagnosis.canTrain()).isFalse();
    assertThat(diagnosis.gpuExplanation()).contains("no NVIDIA driver", "--gpus all");
    assertThat(diagnosis.findings())
        .filteredOn(finding -> finding.level() == Level.ERROR)
        .singleElement()
        .satisfies(finding -> assertThat(finding.text()).contains("ignores this native"))
        .satisfies(finding -> assertThat(finding.advice()).contains("RUNNER_NATIVE=cpu"));
    assertThat(machine.loads).isZero();
  }

  @Test
  void driverWithoutCudartNamesTheOneThatIsOutOfReach() {
    Diagnosis diagnosis =
        examine(
            PretendMachine.linux()
                .jar("cu121")
                .driver()
                .file("/usr/local/cuda-12.1/lib64/libcudart.so.12", ""));
    assertThat(diagnosis.gpuUsable()).isFalse();
    assertThat(diagnosis.gpuExplanation())
        .contains("named cudart", "/usr/local/cuda-12.1/lib64/libcudart.so.12 is out of its reach");
  }

  @Test
  void kernelDriverWithoutItsLibraryIsAContainerWithoutGpus() {
    Diagnosis diagnosis =
        examine(
            PretendMachine.linux()
                .jar("cpu")
                .file("/proc/driver/nvidia/version", "NVRM version: Module 550.54.15"));
    assertThat(diagnosis.gpuExplanation()).contains("550.54.15", "--gpus all");
  }

  @Test
  void hiddenGpusAreNamed() {
    assertThat(
            examine(
                    PretendMachine.linux()
                        .jar("cu121")
                        .driver()
                        .cudart()
                        .env("CUDA_VISIBLE_DEVICES", "-1"))
                .gpuExplanation())
        .contains("CUDA_VISIBLE_DEVICES is '-1'", "unset CUDA_VISIBLE_DEVICES");
  }

  @Test
  void cudasOwnAnswerIsPassedOn() {
    assertThat(
            examine(
                    PretendMachine.linux()
                        .jar("cu121")
                        .driver()
                        .cudart()
                        .cudaVersion(130)
                        .countFailure("driver version is insufficient (error 35)"))
                .gpuExplanation())
        .contains("runtime 13.0", "driver version is insufficient (error 35)");
  }

  @Test
  void runtimeOlderThanTheNativeIsNamed() {
    Diagnosis diagnosis = examine(gpuMachine().cudaVersion(118));
    assertThat(diagnosis.canTrain()).isFalse();
    assertThat(diagnosis.gpuExplanation()).contains("found is 11.8, older than the native cu121");
  }

  @Test
  void gpuWithoutDeviceCodeIsNotUsed() {
    Diagnosis diagnosis = examine(PretendMachine.linux().jar("cu121").driver().cudart().gpu("120"));
    assertThat(diagnosis.devices()).containsExactly("cpu");
    assertThat(diagnosis.gpuExplanation()).contains("compute capability 12.0", "5.0 to 9.0 only");
  }

  @Test
  void twoFlavoursAreAnError() {
    PretendMachine machine = gpuMachine().jar("cpu");
    Diagnosis diagnosis = examine(machine);
    assertThat(diagnosis.canTrain()).isFalse();
    assertThat(DoctorReport.lines(diagnosis))
        .anyMatch(line -> line.startsWith("error") && line.contains("2 native jars"))
        .contains("Training can't run until the errors above are put right.");
    assertThat(machine.loads).isZero();
  }

  @Test
  void noNativeIsAnError() {
    Diagnosis diagnosis = examine(PretendMachine.linux());
    assertThat(diagnosis.findings())
        .anyMatch(f -> f.level() == Level.ERROR && f.text().contains("no native jar"));
    assertThat(diagnosis.gpuExplanation()).contains("libcuda.so.1 not found. To use it");
  }

  @Test
  void engineThatDoesNotLoadIsAnErrorWithAllCauses() {
    RuntimeException failure =
        new IllegalStateException("Failed to load", new IllegalStateException("libgomp.so.1"));
    Diagnosis diagnosis = examine(PretendMachine.linux().jar("cpu").engineFailure(failure));
    assertThat(diagnosis.canTrain()).isFalse();
    assertThat(diagnosis.findings())
        .anyMatch(f -> f.text().equals("libtorch does not load: Failed to load: libgomp.so.1"));
  }

  @Test
  void explainNoGpuIsTheExplanationOfTheDiagnosis() {
    NativeDoctor doctor = new NativeDoctor(PretendMachine.linux().jar("cpu"));
    assertThat(doctor.explainNoGpu()).isEqualTo(doctor.examine().gpuExplanation());
  }

  @Test
  void thisMachineIsExaminedWithoutAnException() {
    Diagnosis diagnosis = new NativeDoctor().examine();
    assertThat(diagnosis.canTrain()).isTrue();
    assertThat(diagnosis.devices()).contains("cpu");
  }
}
