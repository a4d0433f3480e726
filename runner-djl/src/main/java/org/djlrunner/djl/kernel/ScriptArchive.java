package org.djlrunner.djl.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The parts of a TorchScript archive, as libtorch loads it: the text of a class, a pickle of one
 * object of it, a pickle of a tuple of constants, and the format's version.
 *
 * <p>The pickles are so small that they are written by hand, byte by byte.
 */
public final class ScriptArchive {
  /** Where the text lies. */
  public static final String TEXT = "code/__torch__.py";

  /** Where the object's pickle lies. */
  public static final String OBJECT = "data.pkl";

  /** The class that methods are added to. */
  static final String CLASS = "Kernels";

  /** How pickles of protocol 2 begin, which is what libtorch reads and writes. */
  private static final byte[] PROTOCOL = {(byte) 0x80, 2};

  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private ScriptArchive() {}

  /** The archive of an object without state that has these methods. */
  static byte[] of(String methods) throws IOException {
    try (ArchiveWriter archive = new ArchiveWriter()) {
      archive.add(OBJECT, object(new byte[0]));
      archive.add(TEXT, text("", methods));
      archive.add("constants.pkl", NO_CONSTANTS);
      archive.add("version", "3\n".getBytes(StandardCharsets.US_ASCII));
      return archive.finish();
    }
  }

  /**
   * The text of the class.
   *
   * @param attributes declarations such as {@code module : __torch__.Net}, lines indented by two
   *     spaces
   * @param methods their text, indented likewise
   */
  public static byte[] text(String attributes, String methods) {
    String text =
        "class "
            + CLASS
            + "(Module):\n"
            + "  __parameters__ = []\n"
            + "  __buffers__ = []\n"
            + attributes
            + "  training : bool\n\n"
            + methods;
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A pickle of an object of the class.
   *
   * @param attributes {@link #attribute}s, one after the other
   */
  public static byte[] object(byte[] attributes) {
    return concatenate(
        PROTOCOL,
        bytes("c__torch__\n" + CLASS + "\n)\u0081}("),
        attributes,
        bytes(key("training") + "\u0088ub."));
  }

  /**
   * An attribute of an object.
   *
   * @param pickle a whole pickle of its value, of protocol 2
   */
  public static byte[] attribute(String name, byte[] pickle) {
    // Within another pickle it has neither a beginning of its own nor a stop.
    byte[] value = Arrays.copyOfRange(pickle, PROTOCOL.length, pickle.length - 1);
    return concatenate(bytes(key(name)), value);
  }

  /** Byte arrays one after the other. */
  public static byte[] concatenate(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static String key(String word) {
    return "X" + (char) word.length() + "\0\0\0" + word;
  }

  private static byte[] bytes(String pickle) {
    return pickle.getBytes(StandardCharsets.ISO_8859_1);
  }
}
