package org.djlrunner.djl.data;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.djlrunner.djl.data.sampler.Sampler;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches of any DJL data set: tables, texts, images as float32, several inputs or labels.
 *
 * <p>Records go through the data set's own transforms and batchifiers, and come as it makes them;
 * order, workers and positions are this library's, so that a run can be resumed within an epoch.
 * Workers take whole batches, several at a time: the data set has to bear that, or {@code workers}
 * be 0. Images of uint8 are faster by {@link ImageLoader}, which makes no array for a sample.
 *
 * <p>What a data set draws at random, in its transforms for instance, is its own affair.
 */
public final class RecordLoader implements DataLoader<RecordBatch> {
  private static final Logger log = LoggerFactory.getLogger(RecordLoader.class);

  private final RandomAccessDataset dataset;
  private final LoaderOptions options;
  private final NDManager manager;
  private final Sampler sampler;
  private final @Nullable LoaderThreads workers;
  private final Assembly assembly = new Assembly();
  private volatile boolean closed;

  /**
   * A loader; the data set is prepared, threads start with the first pass.
   *
   * @param manager the model's: batches come to its device and lie under it
   * @throws DataException if the data set can't be prepared
   * @throws IllegalArgumentException if no batch comes out, or one asks for a cache
   */
  public RecordLoader(RandomAccessDataset dataset, LoaderOptions options, NDManager manager) {
    if (options.cached()) {
      throw new IllegalArgumentException(
          "only images of uint8 are kept on the device; leave out cached, or take ImageLoader");
    }
    try {
      dataset.prepare();
    } catch (IOException | TranslateException e) {
      throw new DataException("the data set can't be prepared: " + e.getMessage(), e);
    }
    this.dataset = dataset;
    this.options = options;
    this.sampler =
        options.requireBatches(Math.toIntExact(dataset.size()), ImageLoader.labels(dataset));
    this.manager = manager.newSubManager();
    this.workers =
        options.workers() == 0
            ? null
            : new LoaderThreads(
                options.workers(), "data-loader-", loop -> loop, LoaderThreads.PATIENCE);
  }

  @Override
  public OptionalInt length() {
    return OptionalInt.of(options.batches(sampler.size()));
  }

  @Override
  public DataPass<RecordBatch> open(int pass, int firstBatch) {
    assembly.requireOpen();
    return new PrefetchingPass<>(assembly, PassOrder.of(sampler, pass), firstBatch);
  }

  @Override
  public void close() {
    closed = true;
    if (workers == null || workers.end()) {
      manager.close();
    } else {
      log.warn(LoaderThreads.STILL_BUSY);
      LoaderThreads.disown(manager);
    }
  }

  private final class Assembly implements BatchAssembly<RecordBatch.Fetched, RecordBatch> {
    @Override
    public LoaderOptions options() {
      return options;
    }

    @Override
    public void requireOpen() {
      if (closed) {
        throw new IllegalStateException(Background.LOADER_CLOSED);
      }
    }

    @Override
    public Future<RecordBatch.Fetched> assemble(PassOrder order, int from, int to) {
      List<Long> indices =
          IntStream.range(from, to).mapToObj(place -> (long) order.sample(place)).toList();
      return Background.start(workers, () -> fetch(indices), RecordBatch.Fetched::close);
    }

    @Override
    public RecordBatch batch(RecordBatch.Fetched work) {
      try {
        return new RecordBatch(work, manager.getDevice());
      } catch (RuntimeException e) {
        work.close();
        throw e;
      }
    }

    @Override
    public void giveBack(RecordBatch.Fetched work) {
      work.close();
    }

    /** Has DJL make one batch. */
    private RecordBatch.Fetched fetch(List<Long> indices) {
      NDManager own = manager.newSubManager();
      try {
        return new RecordBatch.Fetched(
            own, dataset.getData(own, new OneBatch(indices)).iterator().next());
      } catch (IOException | TranslateException | RuntimeException e) {
        own.close();
        Throwable reason = e.getCause() == null ? e : e.getCause();
        throw new DataException(
            String.format("samples %s can't be loaded: %s", indices, reason.getMessage()), e);
      }
    }
  }

  /** Chooses the samples of a single batch. */
  private record OneBatch(List<Long> indices) implements ai.djl.training.dataset.Sampler {
    @Override
    public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
      return List.of(indices).iterator();
    }

    @Override
    public int getBatchSize() {
      return indices.size();
    }
  }
}
