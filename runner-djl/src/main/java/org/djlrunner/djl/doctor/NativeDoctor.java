package org.djlrunner.djl.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Examines Java, PyTorch's libraries, CUDA and DJL's folders, and says what training can run on.
 *
 * <p>It loads the engine, so at the first use it also unpacks it (0.5 GB, with CUDA 4.2 GB), unless
 * DJL would download libraries instead. No trouble with the machine makes it throw.
 */
public final class NativeDoctor {

  private final Machine machine;

  /**
   * A doctor for the machine this JVM runs on. It puts PyTorch's CUDA runtime in DJL's reach first,
   * as {@link NativeSetup} does for training: else it would count no GPU where training has one.
   */
  public NativeDoctor() {
    this(new ThisMachine());
    BundledCudart.offer();
  }

  NativeDoctor(Machine machine) {
    this.machine = machine;
  }

  /** Looks at everything. */
  public Diagnosis examine() {
    List<Finding> findings = new ArrayList<>();
    collect(findings, "Java", () -> JavaProbe.examine(machine));
    NativeProbe natives;
    try {
      natives = NativeProbe.examine(machine);
    } catch (RuntimeException e) {
      findings.add(
          Finding.error(NativeProbe.TOPIC, e.toString(), "remove ~/.m2's copy of it and rebuild"));
      natives = new NativeProbe(List.of(), null);
    }
    CudaProbe cuda = CudaProbe.examine(machine);
    findings.add(natives.finding(machine, cuda.driver()));
    ignoredNative(findings, natives, cuda);
    findings.addAll(cuda.findings(machine, natives));
    NativeProbe chosen = natives;
    collect(findings, "Cache", () -> CacheProbe.examine(machine, chosen));
    if (!hasError(findings)) {
      prepare(findings);
    }
    boolean safe = !hasError(findings);
    EngineProbe engine = EngineProbe.examine(machine, safe);
    findings.addAll(engine.findings(machine, safe));
    return conclude(findings, natives, cuda, engine);
  }

  /**
   * Why no GPU can be used and what to do, as far as that shows before the engine is loaded (and
   * 4.2 GB are unpacked for it); empty when nothing shows.
   */
  public Optional<String> explainNoGpu() {
    return explainNoGpu(gpu -> false);
  }

  /**
   * The same for one GPU: another may be usable.
   *
   * @param index CUDA's index, from 0; where there is no such GPU, this is not the place to say so
   */
  public Optional<String> explainNoGpu(int index) {
    return explainNoGpu(gpu -> gpu.index() == index);
  }

  private Optional<String> explainNoGpu(Predicate<Gpu> wanted) {
    try {
      NativeProbe natives = NativeProbe.examine(machine);
      CudaProbe cuda = CudaProbe.examine(machine);
      GpuVerdict all = GpuVerdict.beforeLoading(machine, natives, cuda);
      return Stream.concat(
              Stream.ofNullable(all),
              cuda.gpus().stream()
                  .filter(wanted)
                  .flatMap(gpu -> Stream.ofNullable(GpuVerdict.ofDevice(natives, gpu))))
          .findFirst()
          .map(GpuVerdict::explanation);
    } catch (RuntimeException e) {
      return Optional.empty(); // examine() has a finding for it
    }
  }

  private Diagnosis conclude(
      List<Finding> findings, NativeProbe natives, CudaProbe cuda, EngineProbe engine) {
    GpuVerdict verdict = GpuVerdict.of(machine, natives, cuda, engine);
    List<String> devices = new ArrayList<>();
    List<Gpu> usable =
        cuda.gpus().stream().filter(gpu -> GpuVerdict.ofDevice(natives, gpu) == null).toList();
    if (!hasError(findings)) {
      if (verdict == null) {
        usable.forEach(gpu -> devices.add("gpu:" + gpu.index()));
      }
      devices.add("cpu");
    }
    return new Diagnosis(
        findings,
        devices,
        verdict == null
            ? usable.stream().map(Gpu::toString).collect(Collectors.joining("; "))
            : verdict.explanation(),
        verdict == null ? null : verdict.summary());
  }

  /** DJL passes over a CUDA native when it counts no GPU, and downloads a CPU one in its place. */
  private void ignoredNative(List<Finding> findings, NativeProbe natives, CudaProbe cuda) {
    if (!CpuStart.isNeeded(machine, natives, cuda)) {
      return;
    }
    String text = "no GPU that " + natives.flavor() + " runs on";
    String small = "./runner --cpu ... (own builds: mvn without -Pcuda)";
    findings.add(
        CpuStart.isPossible(machine)
            ? Finding.note(
                NativeProbe.TOPIC,
                text + ", so it runs on the CPU; the native for the CPU takes 4 GB less: " + small)
            : Finding.error(
                NativeProbe.TOPIC,
                text + ", so DJL passes over this native, and would download one for the CPU",
                "make the GPU usable as said below; or, to train on the CPU, start with " + small));
  }

  private void prepare(List<Finding> findings) {
    try {
      machine.prepareNatives();
    } catch (RuntimeException e) {
      findings.add(
          Finding.error(
              NativeProbe.TOPIC,
              String.valueOf(e.getMessage()),
              "./runner --cpu ... needs 4 GB less"));
    }
  }

  private static boolean hasError(List<Finding> findings) {
    return findings.stream().anyMatch(finding -> finding.level() == Level.ERROR);
  }

  private static void collect(List<Finding> findings, String topic, Supplier<List<Finding>> probe) {
    try {
      findings.addAll(probe.get());
    } catch (LinkageError | RuntimeException e) {
      findings.add(Finding.note(topic, "could not be examined: " + e));
    }
  }
}
