package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.optim.ArenaOptimizer;
import org.djlrunner.djl.optim.OptimizerCopy;
import org.djlrunner.djl.optim.OptimizerState;
import org.djlrunner.djl.param.ArenaAverage;
import org.djlrunner.djl.param.ArenaSlot;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.WeightLoading;
import org.jspecify.annotations.Nullable;

/**
 * Saves a model's parameters and running statistics under PyTorch's state-dict names, and what a
 * run needs to go on beside them, as safetensors.
 *
 * <p>The file's metadata holds the run's description as JSON text under {@code djl_runner}, and
 * kinds and options of its optimizers under {@code djl_runner_optimizers}. States of optimizers are
 * called {@code optimizer/NAME/STATE/PARAMETER}, gradients of a window that was interrupted {@code
 * gradient/PARAMETER}, and the weights in training, where those under plain names are their
 * average, {@code raw.PARAMETER}.
 */
public final class DjlCheckpointCodec implements CheckpointCodec {
  /** The metadata's name for the run's description. */
  public static final String META = "djl_runner";

  private final Block block;
  private final Supplier<Optional<ArenaAverage>> average;
  private final @Nullable ParameterArena arena;

  /** A codec for the weights of one initialised block. */
  public DjlCheckpointCodec(Block block) {
    this(block, Optional::empty, null);
  }

  /**
   * A codec for a model in training: its weights, their average, and its optimizers.
   *
   * <p>While an average is swapped in, a file holds both sets.
   */
  public DjlCheckpointCodec(DjlModelStep<?> model) {
    this(model.block(), model::averageIfKept, model.arena());
  }

  private DjlCheckpointCodec(
      Block block, Supplier<Optional<ArenaAverage>> average, @Nullable ParameterArena arena) {
    this.block = block;
    this.average = average;
    this.arena = arena;
  }

  @Override
  public String extension() {
    return "safetensors";
  }

  @Override
  public Capture capture(Map<String, Optimizer> optimizers) {
    Map<String, Parameter> parameters = ParameterNames.of(block);
    NDManager owner = parameters.values().iterator().next().getArray().getManager().newSubManager();
    CapturedModel capture = new CapturedModel(owner);
    try {
      addWeights(capture, parameters);
      average
          .get()
          .filter(ArenaAverage::isSwappedIn)
          .ifPresent(
              kept ->
                  kept.copyValues(owner)
                      .forEach(
                          (name, value) -> capture.add(TensorNames.IN_TRAINING + name, value)));
      if (!optimizers.isEmpty()) {
        addOptimizers(capture, optimizers);
        if (arena != null) {
          arena
              .copyGradients(owner)
              .forEach((name, value) -> capture.add(TensorNames.GRADIENT + name, value));
        }
      }
      return capture;
    } catch (RuntimeException e) {
      capture.close();
      throw e;
    }
  }

  /** Parameters of an arena are copied at once, others one by one. */
  private void addWeights(CapturedModel capture, Map<String, Parameter> parameters) {
    Map<String, NDArray> values = new HashMap<>();
    if (arena != null) {
      Map<String, NDArray> copied =
          arena.layout().values(capture.copy(arena.master()), capture.manager());
      for (ArenaSlot slot : arena.slots()) {
        values.put(slot.parameter().getId(), copied.get(slot.name()));
      }
    }
    parameters.forEach(
        (name, parameter) -> {
          NDArray value = values.get(parameter.getId());
          capture.add(name, value == null ? capture.copy(parameter.getArray()) : value);
        });
  }

  private static void addOptimizers(CapturedModel capture, Map<String, Optimizer> optimizers) {
    Map<String, Object> described = new LinkedHashMap<>();
    optimizers.forEach(
        (name, optimizer) -> {
          if (optimizer instanceof ArenaOptimizer ours) {
            OptimizerCopy.Content content = ours.copy(capture.manager()).content();
            content
                .state()
                .parameters()
                .forEach(
                    (parameter, states) ->
                        states.forEach(
                            (state, array) ->
                                capture.add(TensorNames.state(name, state, parameter), array)));
            content
                .steps()
                .forEach(
                    (parameter, count) ->
                        capture.add(
                            TensorNames.state(name, OptimizerState.STEP, parameter), count));
            described.put(name, OptimizerText.of(content.state()));
          }
        });
    capture.describe(OptimizerText.META, described);
  }

  /** Writes weights and meta data, without optimizers. */
  public void write(Path file, Map<String, ?> meta) throws IOException {
    try (Capture capture = capture(Map.of())) {
      capture.write(file, meta);
    }
  }

  @Override
  public Map<String, Object> readMeta(Path file) throws IOException {
    String meta = SafetensorsReader.open(file).metadata().get(META);
    if (meta == null) {
      throw new IOException(
          file
              + " holds weights but no state of a run; load_from begins a run with weights, resume"
              + " needs a checkpoint of a run");
    }
    return Safetensors.JSON.readValue(meta, new TypeReference<Map<String, Object>>() {});
  }

  @Override
  public void verify(Path file) throws IOException {
    SafetensorsReader.verify(file);
  }

  /**
   * Copies the weights of a file into the block, in place; of a file with two sets, the averages.
   *
   * <p>Numbers of other floating point types become the parameter's. PyTorch's counts of batches
   * need not be there and may be too much.
   *
   * @throws IOException if the file can't be read, or its tensors are not the block's and must be:
   *     then all missing, unexpected and misshapen ones are listed and nothing is changed
   */
  @Override
  public List<String> loadWeights(Path file, WeightLoading loading) throws IOException {
    return SavedModel.open(file, ParameterNames.of(block)).copyWeights(loading);
  }

  /** {@link #loadWeights(Path)}: all of them. */
  public void load(Path file) throws IOException {
    loadWeights(file);
  }

  @Override
  public List<String> restore(Path file, Map<String, Optimizer> optimizers, boolean hyperparameters)
      throws IOException {
    SavedModel saved = SavedModel.open(file, ParameterNames.of(block));
    Map<String, ArenaOptimizer> ours = new LinkedHashMap<>();
    optimizers.forEach(
        (name, optimizer) -> {
          if (optimizer instanceof ArenaOptimizer known) {
            ours.put(name, known);
          }
        });
    List<String> notes = new ArrayList<>();
    optimizers.keySet().stream()
        .filter(name -> !ours.containsKey(name))
        .forEach(
            name ->
                notes.add("WARNING: optimizer '" + name + "' can't be saved here and begins anew"));
    try (NDManager scratch = anyManager().newSubManager()) {
      SavedOptimizers states = SavedOptimizers.read(saved, ours, scratch);
      saved.requireFit(states.misfits());
      saved.copyWeights();
      if (arena != null) {
        saved.restoreTraining(arena, average.get(), !ours.isEmpty(), scratch).ifPresent(notes::add);
      }
      notes.addAll(states.restore(hyperparameters));
    }
    return notes;
  }

  private NDManager anyManager() {
    return ParameterNames.of(block).values().iterator().next().getArray().getManager();
  }
}
