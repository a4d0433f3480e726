package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file holds, reading it ends in tensors or in the declared exception, and takes no more
 * memory than the file's size warrants.
 *
 * <p>Cases are numbered, and the same at each run. {@code -Dfuzz.cases=100000} tries so many, and
 * {@code -Dfuzz.first=4711} begins there.
 */
@DisplayName("B03 files damaged at random")
class SafetensorsFuzzTest {
  /** Readers' buffers, exceptions with their traces and messages: what a file of any size takes. */
  private static final long FIXED_BYTES = 96 << 10;

  /** A header's bytes become characters, names, maps; BF16 doubles; {@code verify} reads again. */
  private static final long BYTES_PER_FILE_BYTE = 24;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path folder;

  private List<byte[]> whole;
  private int read;
  private int refused;

  @BeforeEach
  void writeWholeFiles() throws IOException {
    Path file = folder.resolve("whole.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a", new Tensor(DataType.FLOAT32, new Shape(2, 2), ByteBuffer.allocate(16)));
    tensors.put("größe", new Tensor(DataType.INT64, new Shape(), ByteBuffer.allocate(8)));
    tensors.put("none", new Tensor(DataType.UINT8, new Shape(0, 7), ByteBuffer.allocate(0)));
    tensors.put("flag", new Tensor(DataType.BOOLEAN, new Shape(3), ByteBuffer.allocate(3)));
    Safetensors.write(file, tensors, Map.of("djl_runner", "{\"epoch\":3}"));
    byte[] ours = Files.readAllBytes(file);
    Safetensors.write(file, Map.of(), Map.of());
    byte[] empty = Files.readAllBytes(file);
    byte[] others =
        HandWritten.file(
            "{\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[4,8]},"
                + "\"a\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
            8);
    whole = List.of(ours, empty, others);
  }

  @Test
  void endsInTensorsOrInTheDeclaredException() throws IOException {
    long first = Long.getLong("fuzz.first", 0);
    int cases = Integer.getInteger("fuzz.cases", 20_000);
    Path file = folder.resolve("case.safetensors");
    for (long number = 0; number < 1_000; number++) {
      attempt(number, file); // Loads classes, whose memory is no case's.
    }
    read = 0;
    refused = 0;
    long most = Long.MIN_VALUE;
    for (long number = first; number < first + cases; number++) {
      long extra = attempt(number, file);
      assertThat(extra).as("bytes that case %d allocated", number).isLessThan(FIXED_BYTES);
      most = Math.max(most, extra);
    }
    System.out.printf(
        "%d cases: %d read, %d refused; at most %d bytes beyond %d for each of the file's%n",
        cases, read, refused, most, BYTES_PER_FILE_BYTE);
    assertThat(read).as("cases that were read").isGreaterThan(cases / 20);
    assertThat(refused).as("cases that were refused").isGreaterThan(cases / 2);
  }

  /** Tries a case; returns what it allocated beyond its share. */
  private long attempt(long number, Path file) throws IOException {
    byte[] content = new DamagedFiles(whole, number).file();
    Files.deleteIfExists(file); // Some file systems flush a file that is overwritten.
    Files.write(file, content);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      long bytes = 0;
      for (Tensor tensor : SafetensorsReader.open(file).tensors().values()) {
        CRC32 looked = new CRC32();
        bytes += tensor.data().remaining();
        looked.update(tensor.data().duplicate());
      }
      SafetensorsReader.verify(file);
      read++;
      assertThat(bytes).as("bytes of case %d", number).isLessThanOrEqualTo(2L * content.length);
    } catch (CheckpointFormatException e) {
      refused++;
      assertThat(e).as("case %d", number).hasMessageStartingWith(file.toString());
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError("case " + number + ": -Dfuzz.cases=1 -Dfuzz.first=" + number, e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    return allocated - BYTES_PER_FILE_BYTE * content.length;
  }
}
