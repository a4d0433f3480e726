package org.djlrunner.djl.data.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.cifar.PickleValue.NumberArray;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles are programs; ours are read and never run. */
class PickleReaderTest {
  private static final byte[] BATCH =
      PickleBytes.batch("labels", new int[] {3, 9}, new byte[2 * 3072]);

  @Test
  @DisplayName("Z10 a batch is a dictionary of texts, numbers and an array")
  void batch() {
    Map<?, ?> batch = (Map<?, ?>) new PickleReader("f", BATCH).read();

    assertThat(batch.keySet())
        .isEqualTo(new LinkedHashSet<>(List.of("batch_label", "labels", "data", "filenames")));
    assertThat(batch.get("labels")).isEqualTo(List.of(3, 9));
    assertThat(batch.get("data"))
        .isInstanceOfSatisfying(
            NumberArray.class,
            data -> {
              assertThat(data.type()).isEqualTo("u1");
              assertThat(data.shape()).containsExactly(2, 3072);
            });
  }

  @Test
  @DisplayName("Z10 texts beyond the first 256 are remembered, too")
  void many() {
    byte[] batch = PickleBytes.batch("labels", new int[400], new byte[400 * 3072]);

    Map<?, ?> read = (Map<?, ?>) new PickleReader("f", batch).read();

    assertThat(read.get("filenames")).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(400);
  }

  @ParameterizedTest
  @CsvSource({
    "posix, system",
    "os, system",
    "builtins, eval",
    "__builtin__, eval",
    "numpy, load",
    "numpy.core.multiarray, scalar"
  })
  @DisplayName("Z10 a name that CIFAR's files don't have is refused with its offset")
  void names(String module, String name) {
    byte[] evil =
        new PickleBytes()
            .op(0x80)
            .op(2)
            .op('c')
            .line(module)
            .line(name)
            .op('(')
            .text("echo")
            .op('t')
            .op('R')
            .op('.')
            .bytes();

    assertRefused(evil, "at offset 2", module + "." + name, "Nothing of it was run");
  }

  @ParameterizedTest
  @ValueSource(
      chars = {
        'i', 'o', 'P', 'Q', 'X', 'B', '\u0081', '\u0082', '\u0093', '\u008c', '\u0095', '0', '2',
        'd', 'l'
      })
  @DisplayName("Z10 any other operation is refused with its offset")
  void operations(char operation) {
    byte[] other = new PickleBytes().op(0x80).op(2).op('N').op(operation).op('.').bytes();

    assertRefused(
        other, "at offset 3 it has operation 0x" + String.format("%02x", (int) operation));
  }

  @Test
  @DisplayName("Z10 what makes no value is refused: empty stacks, wrong types, unknown references")
  void nonsense() {
    assertRefused(new PickleBytes().op('.').bytes(), "an operation on nothing");
    assertRefused(new PickleBytes().op('h').op(7).op('.').bytes(), "a reference to value 7");
    assertRefused(new PickleBytes().op('t').op('.').bytes(), "an end without a beginning");
    assertRefused(new PickleBytes().op('N').op('N').op('a').bytes(), "no list");
    assertRefused(new PickleBytes().op('N').op('N').op('R').bytes(), "a Tuple expected");
    assertRefused(new PickleBytes().op(0x80).op(4).bytes(), "protocol 4");
    assertRefused(new PickleBytes().op('}').op('(').number(1).number(2).op('u').bytes(), "a key");
    assertRefused(
        new PickleBytes().op('T').op(0xff).op(0xff).op(0xff).op(0xff).bytes(), "negative");
  }

  @Test
  @DisplayName("Z10 Z11 a file that ends early is refused with its end, wherever that is")
  void truncated() {
    for (int length : new int[] {1, 2, 20, 60, 200, BATCH.length - 1}) {
      byte[] part = Arrays.copyOf(BATCH, length);
      assertThatThrownBy(() -> PickledBatch.read(CifarKind.CIFAR10, "f", part))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("f is truncated: it ends at offset " + length);
    }
    assertThatThrownBy(() -> new PickleReader("f", new byte[0]).read())
        .hasMessageContaining("f is empty");
  }

  @Test
  @DisplayName("Z11 a pickle that holds something else says what")
  void otherContent() {
    assertBatchRefused(new PickleBytes().op(']').op('.').bytes(), "it holds no dictionary");
    assertBatchRefused(
        new PickleBytes().op('}').text("data").text("pixels").op('s').op('.').bytes(),
        "expected 'data' of uint8 [N, 3072], got the text 'pixels'");
    assertBatchRefused(
        PickleBytes.batch("fine_labels", new int[] {1}, new byte[3072]), "it has no list 'labels'");
    assertBatchRefused(
        PickleBytes.batch("labels", new int[] {1}, new byte[3000]), "u1 [1, 3072] in 3000 bytes");
    assertBatchRefused(
        PickleBytes.batch("labels", new int[] {1, 10}, new byte[2 * 3072]),
        "the label of image 1 is 10; expected 0 to 9");
    assertBatchRefused("not a pickle".getBytes(StandardCharsets.US_ASCII), "operation 0x6e 'n'");
  }

  private static void assertRefused(byte[] pickle, String... parts) {
    assertThatThrownBy(() -> new PickleReader("f", pickle).read())
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(parts);
  }

  private static void assertBatchRefused(byte[] pickle, String part) {
    assertThatThrownBy(() -> PickledBatch.read(CifarKind.CIFAR10, "f", pickle))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(part);
  }
}
