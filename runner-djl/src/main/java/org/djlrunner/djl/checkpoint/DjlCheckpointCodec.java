package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.djlrunner.djl.param.ArenaAverage;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Optimizer;

/**
 * Saves a block's parameters and running statistics under PyTorch's state-dict names, and loads
 * them back.
 *
 * <p>The file's metadata holds the run's description as JSON text under {@code djl_runner}.
 */
public final class DjlCheckpointCodec implements CheckpointCodec {
  /** The metadata's name for the run's description. */
  public static final String META = "djl_runner";

  /**
   * What precedes a parameter's name where the file holds its value in training, beside the average
   * that goes by the plain name.
   */
  public static final String IN_TRAINING = "raw.";

  private final Block block;
  private final Supplier<Optional<ArenaAverage>> average;

  /** A codec for one initialised block. */
  public DjlCheckpointCodec(Block block) {
    this(block, Optional::empty);
  }

  /**
   * A codec for one initialised block whose weights may be averaged.
   *
   * @param average is asked at each write; a file holds both sets while it is swapped in
   */
  public DjlCheckpointCodec(Block block, Supplier<Optional<ArenaAverage>> average) {
    this.block = block;
    this.average = average;
  }

  @Override
  public String extension() {
    return "safetensors";
  }

  @Override
  public Capture capture(Map<String, Optimizer> optimizers) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> entry : ParameterNames.of(block).entrySet()) {
      tensors.put(entry.getKey(), tensor(entry.getValue().getArray()));
    }
    average.get().filter(ArenaAverage::isSwappedIn).ifPresent(kept -> addInTraining(kept, tensors));
    return new Capture() {
      @Override
      public void write(Path file, Map<String, ?> meta) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        metadata.put(META, Safetensors.JSON.writeValueAsString(meta));
        Safetensors.write(file, tensors, metadata);
      }

      @Override
      public void close() {}
    };
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
      throw new IOException(file + " holds no state of a run; it was written by another program");
    }
    return Safetensors.JSON.readValue(meta, new TypeReference<Map<String, Object>>() {});
  }

  @Override
  public void verify(Path file) throws IOException {
    readMeta(file);
  }

  @Override
  public void loadWeights(Path file) throws IOException {
    load(file);
  }

  @Override
  public List<String> restore(Path file, Map<String, Optimizer> optimizers, boolean hyperparameters)
      throws IOException {
    load(file);
    return List.of();
  }

  /**
   * Copies the weights of a file into the block, in place; of a file with two sets, the averages.
   *
   * @throws IOException if the file can't be read, or its tensors are not the block's: then all
   *     missing, unexpected and misshapen ones are listed and nothing is changed
   */
  public void load(Path file) throws IOException {
    Map<String, Tensor> tensors = SafetensorsReader.open(file).tensors();
    Map<String, Parameter> parameters = ParameterNames.of(block);
    List<String> problems = mismatches(tensors, parameters);
    if (!problems.isEmpty()) {
      throw new IOException(
          file + " doesn't fit the model:\n  - " + String.join("\n  - ", problems));
    }
    for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
      NDArray target = entry.getValue().getArray();
      Tensor tensor = Objects.requireNonNull(tensors.get(entry.getKey()));
      try (NDManager scratch = target.getManager().newSubManager()) {
        NDArray value =
            scratch.create(
                tensor.data().order(ByteOrder.nativeOrder()), tensor.shape(), tensor.type());
        target.set(new NDIndex("..."), value);
      }
    }
  }

  private static void addInTraining(ArenaAverage average, Map<String, Tensor> tensors) {
    try (NDManager scratch = average.manager().newSubManager()) {
      average
          .values(scratch)
          .forEach(
              (name, value) -> {
                if (tensors.putIfAbsent(IN_TRAINING + name, tensor(value)) != null) {
                  throw new IllegalArgumentException(
                      "the model has a parameter '"
                          + IN_TRAINING
                          + name
                          + "', the name under which '"
                          + name
                          + "' is saved beside its average; rename that part of the model");
                }
              });
    }
  }

  private static boolean isInTraining(String name, Map<String, Parameter> parameters) {
    return name.startsWith(IN_TRAINING)
        && parameters.containsKey(name.substring(IN_TRAINING.length()));
  }

  private static List<String> mismatches(
      Map<String, Tensor> tensors, Map<String, Parameter> parameters) {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
      Tensor tensor = tensors.get(entry.getKey());
      NDArray target = entry.getValue().getArray();
      if (tensor == null) {
        problems.add("missing: " + entry.getKey() + " " + target.getShape());
      } else if (!tensor.shape().equals(target.getShape())
          || tensor.type() != target.getDataType()) {
        problems.add(
            String.format(
                "%s is %s %s, the model has %s %s",
                entry.getKey(),
                tensor.shape(),
                tensor.type(),
                target.getShape(),
                target.getDataType()));
      }
    }
    for (String name : new TreeSet<>(tensors.keySet())) {
      if (!parameters.containsKey(name) && !isInTraining(name, parameters)) {
        problems.add("unexpected: " + name);
      }
    }
    return problems;
  }

  /** A copy in row-major order: filters are stored channels-last, files are not. */
  private static Tensor tensor(NDArray array) {
    try (NDManager scratch = array.getManager().newSubManager()) {
      NDArray detached = array.stopGradient();
      detached.attach(scratch);
      NDArray rowMajor = detached.flatten();
      return new Tensor(
          array.getDataType(),
          array.getShape(),
          rowMajor.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }
  }
}
