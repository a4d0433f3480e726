package org.djlrunner.benchmarks;

import ai.djl.Device;
import ai.djl.basicdataset.cv.classification.ImageFolder;
import ai.djl.modality.cv.transform.RandomFlipLeftRight;
import ai.djl.modality.cv.transform.RandomResizedCrop;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.djlrunner.djl.data.transform.Direction;
import org.djlrunner.djl.data.transform.Extent;
import org.djlrunner.djl.data.transform.FillValue;
import org.djlrunner.djl.data.transform.Padding;
import org.djlrunner.djl.data.transform.PaddingMode;
import org.djlrunner.djl.data.transform.RandomCrop;
import org.djlrunner.djl.data.transform.RandomFlip;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Images a second that one thread loads: photos by us and by DJL's {@code ImageFolder} with the
 * same transforms, and images of CIFAR-10's size from memory.
 *
 * <p>Photos are JPEGs of {@code -Dphotos=FOLDER}, a folder for each class; each is read, decoded, a
 * random part of it resized to 224 x 224, and flipped now and then; 64 make a batch. {@code
 * benchmarks/data/run.sh} runs this and torchvision in turn.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseParallelGC")
public class ImagePipelines {
  static final int PHOTOS = 64;
  static final int SMALL = 500;

  private static Path folder() {
    String folder = System.getProperty("photos");
    if (folder == null) {
      throw new IllegalStateException(
          "say where the photos are, a folder for each class: RUNNER_JAVA_OPTS=-Dphotos=FOLDER");
    }
    return Path.of(folder);
  }

  /** Photos, our way. */
  @State(Scope.Thread)
  public static class Ours {
    private final LoadedImages images;

    /** Opens the photos. */
    public Ours() {
      images =
          new LoadedImages(
              PhotoFiles.in(folder()),
              PHOTOS,
              org.djlrunner.djl.data.transform.RandomResizedCrop.of(224),
              new RandomFlip(0.5, Direction.HORIZONTAL));
    }

    /** Closes them. */
    @TearDown(Level.Trial)
    public void close() {
      images.close();
    }
  }

  /** Photos, DJL's way. */
  @State(Scope.Thread)
  public static class Djl {
    private final NDManager manager;
    private final ImageFolder photos;
    private Iterator<Batch> pass;

    /** Opens the photos. */
    public Djl() {
      manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
      photos =
          ImageFolder.builder()
              .setRepositoryPath(folder())
              .addTransform(new RandomResizedCrop(224, 224, 0.08, 1, 3.0 / 4, 4.0 / 3))
              .addTransform(new RandomFlipLeftRight())
              .setSampling(PHOTOS, true, true)
              .build();
      pass = Collections.emptyIterator();
    }

    /** Lists them. */
    @Setup(Level.Trial)
    public void list() throws IOException, TranslateException {
      photos.prepare();
    }

    int next() throws IOException, TranslateException {
      if (!pass.hasNext()) {
        pass = photos.getData(manager).iterator();
      }
      try (Batch batch = pass.next()) {
        return batch.getSize();
      }
    }

    /** Closes them. */
    @TearDown(Level.Trial)
    public void close() {
      manager.close();
    }
  }

  /** Small images from memory. */
  @State(Scope.Thread)
  public static class Small {
    private final LoadedImages images;

    /** Makes them. */
    public Small() {
      images =
          new LoadedImages(
              new MemoryImages(),
              SMALL,
              new RandomCrop(
                  new Extent(32, 32),
                  new Padding(4, 4, 4, 4),
                  false,
                  FillValue.of(0),
                  PaddingMode.CONSTANT),
              new RandomFlip(0.5, Direction.HORIZONTAL));
    }

    /** Frees them. */
    @TearDown(Level.Trial)
    public void close() {
      images.close();
    }
  }

  /** Photos by our loader. */
  @Benchmark
  @OperationsPerInvocation(PHOTOS)
  public int photosOurs(Ours state) {
    return state.images.next();
  }

  /** Photos by DJL. */
  @Benchmark
  @OperationsPerInvocation(PHOTOS)
  public int photosDjl(Djl state) throws IOException, TranslateException {
    return state.next();
  }

  /** Images of CIFAR-10's size by our loader. */
  @Benchmark
  @OperationsPerInvocation(SMALL)
  public int cifarFromMemory(Small state) {
    return state.images.next();
  }
}
