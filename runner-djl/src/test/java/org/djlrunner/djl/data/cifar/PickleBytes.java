package org.djlrunner.djl.data.cifar;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles as Python 2 wrote those of CIFAR, operation by operation. */
final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int memo;

  /**
   * A batch: {@code {label key: [..], 'data': array([N, 3072], uint8)}}, and what else is there.
   */
  static byte[] batch(String labelKey, int[] labels, byte[] planes) {
    PickleBytes pickle = new PickleBytes().op(0x80).op(2).op('}').remember().op('(');
    pickle.text("batch_label").text("training batch 1 of 5");
    pickle.text(labelKey).op(']').remember().op('(');
    for (int label : labels) {
      pickle.number(label);
    }
    pickle.op('e').text("data").array(labels.length, planes);
    pickle.text("filenames").op(']').remember().op('(');
    for (int i = 0; i < labels.length; i++) {
      pickle.text("image_" + i + ".png");
    }
    return pickle.op('e').op('u').op('.').bytes();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  PickleBytes op(int operation) {
    out.write(operation);
    return this;
  }

  PickleBytes line(String text) {
    out.writeBytes((text + "\n").getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  PickleBytes text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    op('U').op(bytes.length).out.writeBytes(bytes);
    return remember();
  }

  PickleBytes number(int value) {
    if (value >= 0 && value < 256) {
      return op('K').op(value);
    }
    return op('J').integer(value);
  }

  private PickleBytes integer(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  /** Memo 256 and above take the long operation, as in files with many texts. */
  PickleBytes remember() {
    if (memo < 256) {
      return op('q').op(memo++);
    }
    return op('r').integer(memo++);
  }

  private PickleBytes array(int count, byte[] planes) {
    op('c').line("numpy.core.multiarray").line("_reconstruct").remember();
    op('c').line("numpy").line("ndarray").remember();
    number(0).op(0x85).text("b").op(0x87).op('R').remember();
    op('(').number(1);
    op('M').op(count & 0xff).op(count >> 8).op('M').op(0x00).op(0x0c).op(0x86);
    op('c').line("numpy").line("dtype").remember();
    text("u1").number(0).number(1).op(0x87).op('R').remember();
    op('(').number(3).text("|").op('N').op('N').op('N').number(-1).number(-1).number(0);
    op('t').op('b').op(0x89);
    op('T').integer(planes.length).out.writeBytes(planes);
    return remember().op('t').op('b');
  }
}
