package org.djlrunner.djl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    assertThat(diagnosis.gpuExplanation()).startsWith("gpu:0 NVIDIA H100, 80.0 GiB");
    assertThat(diagnosis.findings()).allMatch(finding -> finding.level() == Level.OK);
  }

  @Test
  void cpuMachineTrainsOnTheCpuAndSaysWhatIsMissing() {
    Diagnosis diagnosis = examine(PretendMachine.linux().jar("cpu"));
    assertThat(diagnosis.devices()).containsExactly("cpu");
    assertThat(diagnosis.gpuExplanation())
        .contains("no NVIDIA driver: libcuda.so.1 not found", "the native is cpu", "--cuda");
    assertThat(diagnosis.noGpu()).isEqualTo("no NVIDIA driver");
  }

  @Test
  void cpuNativeOnAGpuMachineIsWhyTheGpuIsNotUsed() {
    Diagnosis diagnosis = examine(PretendMachine.linux().jar("cpu").driver().cudart().gpu("90"));
    assertThat(diagnosis.devices()).containsExactly("cpu");
    assertThat(diagnosis.gpuExplanation())
        .startsWith("there is an NVIDIA driver, but the native is for the CPU (cpu).")
        .contains("./runner --cuda")
        .doesNotContain("make room");
    assertThat(diagnosis.noGpu()).isEqualTo("the native is for the CPU");
  }

  @Test
  void switchingToCudaTakesRoom() {
    assertThat(
            examine(PretendMachine.linux().jar("cpu").driver().free(5 * Bytes.GIB))
                .gpuExplanation())
        .contains("but only 5120 MiB are free in /", "make room first");
  }

  @Test
  void inABundleTheOtherNativeIsAnotherBundle() {
    assertThat(
            examine(PretendMachine.linux().jar("cpu").driver().env("RUNNER_BUNDLE", "/b"))
                .gpuExplanation())
        .contains("make this bundle anew with --cuda")
        .doesNotContain("mvn");
  }

  @Test
  void cudaNativeWithoutADriverRunsOnTheCpu() {
    PretendMachine machine = PretendMachine.linux().jar("cu121");
    Diagnosis diagnosis = examine(machine);
    assertThat(diagnosis.devices()).containsExactly("cpu");
    assertThat(diagnosis.gpuExplanation()).contains("no NVIDIA driver", "--gpus all");
    assertThat(diagnosis.noGpu()).isEqualTo("no NVIDIA driver");
    assertThat(diagnosis.findings())
        .anyMatch(f -> f.level() == Level.NOTE && f.text().contains("so it runs on the CPU"));
    assertThat(machine.preparations).isEqualTo(1);
  }

  @Test
  void cudaNativeWithoutADriverIsAnErrorOnWindowsBecauseDjlWouldDownloadAnother() {
    PretendMachine machine =
        PretendMachine.linux().jar("cu121", "win-x86_64").property("os.name", "Windows 11");
    Diagnosis diagnosis = examine(machine);
    assertThat(diagnosis.canTrain()).isFalse();
    assertThat(diagnosis.findings())
        .filteredOn(finding -> finding.level() == Level.ERROR)
        .singleElement()
        .satisfies(finding -> assertThat(finding.text()).contains("passes over this native"))
        .satisfies(finding -> assertThat(finding.advice()).contains("./runner --cpu"));
    assertThat(machine.loads).isZero();
    assertThat(machine.preparations).isZero();
  }

  @Test
  void driverTellsTheCudaItSupports() {
    assertThat(examine(gpuMachine()).findings())
        .anyMatch(f -> f.text().endsWith("kernel module 550.54.15, CUDA up to 12.4"));
  }

  @Test
  void driverTooOldForTheNativeIsNamed() {
    Diagnosis diagnosis = examine(gpuMachine().driverCudaVersion(118));
    assertThat(diagnosis.gpuUsable()).isFalse();
    assertThat(diagnosis.gpuExplanation())
        .contains("550.54.15, for CUDA up to 11.8, is too old", "CUDA 12.1", "driver 525");
    assertThat(diagnosis.noGpu()).isEqualTo("the driver is too old for CUDA 12.1");
    assertThat(examine(gpuMachine().driverCudaVersion(120)).gpuUsable()).isTrue();
    assertThat(examine(gpuMachine().driverCudaVersion(0)).gpuUsable()).isTrue();
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
  void driverIsLookedForWhereABundleLooksForIt() throws IOException {
    String script = Files.readString(Path.of("../examples/bundle/env.sh"));
    String list = script.replaceAll("(?s).*CudaDriver.UNUSUAL.*?for folder in (.*?); do.*", "$1");
    assertThat(list.split("[\\s\\\\]+")).containsExactlyElementsOf(CudaDriver.UNUSUAL);
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
    assertThat(diagnosis.devices()).containsExactly("cpu");
    assertThat(diagnosis.gpuExplanation()).contains("found is 11.8, older than the native cu121");
  }

  @Test
  void gpuWithoutDeviceCodeIsNotUsed() {
    Diagnosis diagnosis = examine(PretendMachine.linux().jar("cu121").driver().cudart().gpu("120"));
    assertThat(diagnosis.devices()).containsExactly("cpu");
    assertThat(diagnosis.gpuExplanation()).contains("compute capability 12.0", "5.0 to 9.0 only");
  }

  @ParameterizedTest
  @CsvSource({
    "90, 90, true",
    "90, 80, false",
    "80, 86, true",
    "86, 80, false",
    "80, 90, false",
    "0, 75, true"
  })
  void prunedNativeRunsOnItsOwnGenerationOnly(int arch, String gpu, boolean usable) {
    Diagnosis diagnosis =
        examine(
            PretendMachine.linux()
                .cudaFolder("flavor=cu121", arch == 0 ? "" : "arch=" + arch)
                .driver()
                .cudart()
                .gpu(gpu));
    assertThat(diagnosis.gpuUsable()).isEqualTo(usable);
    if (!usable) {
      assertThat(diagnosis.gpuExplanation()).contains("was pruned to ", "--arch " + gpu);
    }
  }

  @Test
  void gpuThatDoesNotFitLeavesTheOthersUsable() {
    PretendMachine machine =
        PretendMachine.linux()
            .cudaFolder("flavor=cu121", "arch=86")
            .driver()
            .cudart()
            .gpu("61")
            .gpu("86");
    Diagnosis diagnosis = examine(machine);
    assertThat(diagnosis.devices()).containsExactly("gpu:1", "cpu");
    assertThat(diagnosis.noGpu()).isNull();
    assertThat(diagnosis.gpuExplanation()).startsWith("gpu:1 ").doesNotContain("gpu:0");
    assertThat(diagnosis.findings())
        .anyMatch(
            f -> f.level() == Level.NOTE && f.text().matches("gpu:0 .* 6.1: .* pruned to 8.6"));
    NativeDoctor doctor = new NativeDoctor(machine);
    assertThat(doctor.explainNoGpu()).isEmpty();
    assertThat(doctor.explainNoGpu(1)).isEmpty();
    assertThat(doctor.explainNoGpu(0))
        .hasValueSatisfying(why -> assertThat(why).startsWith("gpu:0 ").contains("--arch 61"));
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
  void nativeThatCannotBeUnpackedIsAnErrorAndNothingElseIsLoadedInItsPlace() {
    PretendMachine machine =
        PretendMachine.linux()
            .jar("cu121")
            .preparationFailure(new IllegalStateException("it can't be unpacked"));
    Diagnosis diagnosis = examine(machine);
    assertThat(diagnosis.canTrain()).isFalse();
    assertThat(diagnosis.findings())
        .filteredOn(finding -> finding.level() == Level.ERROR)
        .singleElement()
        .satisfies(finding -> assertThat(finding.text()).isEqualTo("it can't be unpacked"));
    assertThat(machine.loads).isZero();
  }

  @Test
  void whyNoGpuShowsBeforeTheEngineIsLoaded() {
    PretendMachine machine = PretendMachine.linux().jar("cu121");
    NativeDoctor doctor = new NativeDoctor(machine);
    String explanation = doctor.explainNoGpu().orElseThrow();
    assertThat(machine.preparations).isZero();
    assertThat(machine.loads).isZero();
    assertThat(explanation).isEqualTo(doctor.examine().gpuExplanation());
    assertThat(new NativeDoctor(gpuMachine()).explainNoGpu()).isEmpty();
  }

  @Test
  void thisMachineIsExaminedWithoutAnException() {
    Diagnosis diagnosis = new NativeDoctor().examine();
    assertThat(diagnosis.canTrain()).isTrue();
    assertThat(diagnosis.devices()).contains("cpu");
  }
}
