package org.djlrunner.djl.script;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.djlrunner.djl.compile.ScriptCall;
import org.djlrunner.djl.doctor.NativeSetup;
import org.djlrunner.djl.kernel.GradientMode;
import org.djlrunner.djl.kernel.LibtorchError;
import org.djlrunner.djl.kernel.ScriptModule;
import org.djlrunner.spi.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network that was exported from Python with {@code torch.jit.script(model).save(path)}, as a DJL
 * block that trains like any other.
 *
 * <p>Its parameters and buffers are DJL parameters under Python's state-dict names, with the values
 * of the file; initialising it loads them onto the manager's device. It takes and returns what the
 * exported forward does: float32 arrays in, an array or a tuple of arrays out. Each forward pass
 * says whether it is training, so the mode that the module was saved in doesn't matter.
 *
 * <p>A module from {@code torch.jit.trace} trains too, but its batch normalisation and dropout stay
 * in the mode that it was traced in; a line in the log says so. Frozen modules hold no parameters
 * any more and are refused.
 */
public final class TorchScriptBlock extends ScriptLayer {
  private static final Logger LOG = LoggerFactory.getLogger(TorchScriptBlock.class);

  private final ExportedArchive archive;
  private final List<Place> places = new ArrayList<>();
  private final String methods;
  private @Nullable ScriptModule module;

  /** Where a tensor hangs in DJL's tree; two places may come to hold one parameter. */
  private record Place(ScriptLayer owner, String name) {
    Parameter parameter() {
      return Objects.requireNonNull(owner.tensors().get(name));
    }
  }

  private TorchScriptBlock(ExportedArchive archive, Collection<TensorPlace> tensors, String methods)
      throws IOException {
    super(archive.root(), archive, List.of(), tensors);
    this.archive = archive;
    this.methods = methods;
    tensors.forEach(tensor -> places.add(new Place(at(tensor.path()), tensor.name())));
  }

  /**
   * Reads what an exported network declares; its values are read when it is initialised.
   *
   * @throws IOException if the file can't be read, is no TorchScript archive, holds no parameters,
   *     or its forward takes or returns anything but arrays; the message says what to do
   */
  public static TorchScriptBlock load(Path file) throws IOException {
    ExportedArchive archive = ExportedArchive.open(file);
    ForwardShape forward = ForwardShape.of(archive);
    Collection<TensorPlace> tensors = PresentTensors.of(archive);
    requireTrainable(file, tensors);
    String methods = new ModuleText(tensors, forward.inputs(), forward.results()).write();
    if (!archive.asksForMode()) {
      LOG.info(
          "{} was traced: its batch normalisation and dropout stay as they were at export;"
              + " torch.jit.script makes them follow training and evaluation",
          file);
    }
    return new TorchScriptBlock(archive, tensors, methods);
  }

  @Override
  public void initialize(NDManager manager, DataType dataType, Shape... inputShapes) {
    beforeInitialize(inputShapes);
    if (module != null) {
      return;
    }
    ScriptModule loaded = module(manager);
    try (NDManager scratch = manager.newSubManager();
        NDArray none = scratch.create(0f)) {
      NDList values = loaded.call(ModuleText.VALUES, List.of(none));
      values.attach(scratch);
      TiedTensors tied = TiedTensors.of(values, scratch);
      for (int i = 0; i < places.size(); i++) {
        int first = tied.first(i);
        if (first < i) {
          // One parameter under two names, as in Python.
          Place place = places.get(i);
          place.owner().tensors().put(place.name(), places.get(first).parameter());
        } else {
          NDArray value = values.get(i).duplicate();
          value.attach(manager);
          places.get(i).parameter().setArray(value);
        }
      }
      loaded.call(ModuleText.RELEASE, List.of(none)).attach(scratch);
    } catch (RuntimeException e) {
      loaded.close();
      throw e;
    }
    module = loaded;
  }

  @Override
  public boolean isInitialized() {
    return module != null;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    ScriptModule loaded = Objects.requireNonNull(module, "initialise the block first");
    // Results belong to the manager of the first array, so inputs come first.
    List<NDArray> arrays = new ArrayList<>(inputs);
    Device device = inputs.head().getDevice();
    for (Place place : places) {
      arrays.add(store.getValue(place.parameter(), device, training));
    }
    if (ScriptCall.isTraced(inputs.head())) {
      // Only the results' shapes count; evaluation leaves running statistics alone.
      loaded.setTraining(false);
      NDList results = loaded.call(ModuleText.RUN, ScriptCall.real(arrays));
      return ScriptCall.note(archive, methods, ModuleText.RUN, arrays, results);
    }
    loaded.setTraining(training);
    return loaded.call(ModuleText.RUN, arrays);
  }

  /**
   * The shapes that a forward pass on zeros gives.
   *
   * @throws IllegalArgumentException if the network can't take such inputs
   */
  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    NativeSetup.prepare();
    try (NDManager scratch = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Scope off = GradientMode.of(false)) {
      ScriptModule loaded = module(scratch);
      loaded.setTraining(false);
      List<NDArray> arrays = new ArrayList<>();
      for (Shape shape : inputShapes) {
        arrays.add(scratch.zeros(shape));
      }
      arrays.addAll(loaded.call(ModuleText.VALUES, List.of(scratch.create(0f))));
      return loaded.call(ModuleText.RUN, arrays).getShapes();
    } catch (EngineException e) {
      throw new IllegalArgumentException(
          archive.file()
              + " can't take inputs "
              + List.of(inputShapes)
              + ": "
              + LibtorchError.reason(e),
          e);
    }
  }

  private ScriptModule module(NDManager manager) {
    return new ScriptModule(archive, methods, manager);
  }

  private static void requireTrainable(Path file, Collection<TensorPlace> tensors)
      throws IOException {
    if (tensors.stream().noneMatch(place -> place.tensor().trainable())) {
      throw new IOException(
          file
              + " holds no parameters, as after torch.jit.freeze; export the model without freezing"
              + " it");
    }
    for (TensorPlace place : tensors) {
      if (!place.name().matches("[A-Za-z_]\\w*")) {
        throw new IOException(
            file
                + ": tensor '"
                + place.fullName()
                + "' has no name of its own, as in a ParameterList; give it a name in its module");
      }
    }
  }
}
