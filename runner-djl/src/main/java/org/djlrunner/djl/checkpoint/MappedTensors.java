package org.djlrunner.djl.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A file's tensors by name, each made when it is asked for from memory that is mapped from the
 * file.
 *
 * <p>A mapping takes addresses, not memory, and ends when nothing refers to it any more. Since one
 * mapping can have 2 GiB at most, a larger file is mapped in several pieces, cut between tensors.
 */
final class MappedTensors extends AbstractMap<String, Tensor> {
  private record Mapped(StoredTensor tensor, ByteBuffer bytes) {}

  private final Map<String, Mapped> mapped = new LinkedHashMap<>();

  /**
   * Maps the data.
   *
   * @param dataStart where the data begins in the file
   * @param tensors in the order of names; without overlaps, none of more than 2 GiB
   * @param byPlace the same in the order of their bytes
   */
  MappedTensors(
      FileChannel channel, long dataStart, List<StoredTensor> tensors, List<StoredTensor> byPlace)
      throws IOException {
    tensors.forEach(
        tensor -> mapped.put(tensor.name(), new Mapped(tensor, ByteBuffer.allocate(0))));
    int from = 0;
    while (from < byPlace.size()) {
      long begin = byPlace.get(from).begin();
      int to = from;
      while (to < byPlace.size() && byPlace.get(to).end() - begin <= Integer.MAX_VALUE) {
        to++;
      }
      long length = byPlace.get(to - 1).end() - begin;
      ByteBuffer piece = channel.map(FileChannel.MapMode.READ_ONLY, dataStart + begin, length);
      for (StoredTensor tensor : byPlace.subList(from, to)) {
        int size = Math.toIntExact(tensor.end() - tensor.begin());
        ByteBuffer bytes = piece.slice(Math.toIntExact(tensor.begin() - begin), size);
        mapped.put(tensor.name(), new Mapped(tensor, bytes));
      }
      from = to;
    }
  }

  @Override
  public @Nullable Tensor get(@Nullable Object name) {
    Mapped found = mapped.get(name);
    return found == null ? null : found.tensor.of(found.bytes);
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return mapped.containsKey(name);
  }

  @Override
  public Set<Map.Entry<String, Tensor>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return mapped.size();
      }

      @Override
      public Iterator<Map.Entry<String, Tensor>> iterator() {
        return mapped.values().stream()
            .map(one -> Map.entry(one.tensor.name(), one.tensor.of(one.bytes)))
            .iterator();
      }
    };
  }

  @Override
  public Set<String> keySet() {
    return Collections.unmodifiableSet(mapped.keySet());
  }
}
