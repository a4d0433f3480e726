package org.djlrunner.djl.script;

import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many arrays an exported forward takes and returns.
 *
 * @param inputs those that must be given
 * @param results 1 for an array by itself
 */
record ForwardShape(int inputs, int results) {
  private static final String ARRAY = "Tensor";
  private static final Pattern TUPLE = Pattern.compile("Tuple\\[(.*)]");

  /**
   * The shape of a network's forward.
   *
   * @throws IOException if there is none, or it deals in anything but arrays
   */
  static ForwardShape of(ExportedArchive archive) throws IOException {
    ScriptClass.Signature signature =
        archive
            .root()
            .forward()
            .orElseThrow(() -> new IOException(archive.file() + " has no method forward"));
    if (signature.arguments().isEmpty()
        || !signature.arguments().stream().allMatch(ARRAY::equals)) {
      throw new IOException(
          archive.file()
              + ": forward takes "
              + signature.arguments()
              + ", but a network's inputs are arrays; wrap the model in a module whose forward takes"
              + " nothing else");
    }
    return new ForwardShape(signature.arguments().size(), results(archive, signature.result()));
  }

  private static int results(ExportedArchive archive, String type) throws IOException {
    if (type.equals(ARRAY)) {
      return 1;
    }
    Matcher tuple = TUPLE.matcher(type);
    // A tuple of one array would need another text to unpack it.
    if (tuple.matches() && tuple.group(1).matches("Tensor(, ?Tensor)+")) {
      return (int) Arrays.stream(tuple.group(1).split(",")).count();
    }
    throw new IOException(
        archive.file()
            + ": forward returns "
            + type
            + ", but a network returns an array or a tuple of several; wrap the model in a module"
            + " that does");
  }
}
