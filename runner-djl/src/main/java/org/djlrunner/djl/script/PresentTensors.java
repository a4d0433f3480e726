package org.djlrunner.djl.script;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.djlrunner.djl.doctor.NativeSetup;
import org.djlrunner.djl.kernel.ScriptModule;

/** Which tensors an exported network has: of some its classes only say that they may be there. */
final class PresentTensors {
  private PresentTensors() {}

  /** The tensors that are there, in the order of the state dict. */
  static Collection<TensorPlace> of(ExportedArchive archive) throws IOException {
    List<TensorPlace> declared = TensorPlace.of(archive);
    Set<TensorPlace> present = new LinkedHashSet<>(declared);
    List<TensorPlace> doubtful =
        declared.stream().filter(place -> place.tensor().optional()).toList();
    if (!doubtful.isEmpty()) {
      NativeSetup.prepare();
      String method = new ModuleText(declared, 1, 1).writePresent();
      try (NDManager scratch = NDManager.newBaseManager(Device.cpu(), "PyTorch");
          ScriptModule module = new ScriptModule(archive, method, scratch)) {
        NDList flags = module.call(ModuleText.PRESENT, List.of(scratch.create(0f)));
        for (int i = 0; i < doubtful.size(); i++) {
          if (flags.get(i).getFloat(0) == 0) {
            present.remove(doubtful.get(i));
          }
        }
      }
    }
    return present;
  }
}
