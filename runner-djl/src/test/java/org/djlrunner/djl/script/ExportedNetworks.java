package org.djlrunner.djl.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.StepOptions;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;

/**
 * The networks that {@code script/make_models.py} exported, and what PyTorch computed with them.
 */
final class ExportedNetworks {
  static final Shape INPUT = new Shape(1, 3, 8, 8);

  private static final int SAMPLES = 4;

  private ExportedNetworks() {}

  static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(ExportedNetworks.class.getResource("/script/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static TorchScriptBlock load(String name) {
    try {
      return TorchScriptBlock.load(file(name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode recorded(String name) {
    try (InputStream in = ExportedNetworks.class.getResourceAsStream("/script/" + name)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static DjlModelStep<ArrayBatch> model(TorchScriptBlock block, Compile compile) {
    return model(block, new StepOptions(Precision.FP32, compile));
  }

  static DjlModelStep<ArrayBatch> model(TorchScriptBlock block, StepOptions options) {
    return new DjlModelStep<>(block, CrossEntropyLoss.hard(), Devices.tested(), 0, INPUT, options);
  }

  /** The recorded cases' batch: sines, with labels 0 to 3. */
  static ArrayBatch batch(NDManager parent) {
    return new ArrayBatch(
        parent,
        SAMPLES,
        manager -> new NDList(images(manager)),
        manager -> new NDList(manager.create(new long[] {0, 1, 2, 3})));
  }

  private static NDArray images(NDManager manager) {
    int size = (int) (SAMPLES * INPUT.size());
    return manager
        .arange(0, size, 1, DataType.FLOAT32)
        .mul(0.7f)
        .sin()
        .reshape(SAMPLES, INPUT.get(1), INPUT.get(2), INPUT.get(3));
  }
}
