package org.djlrunner.djl.kernel;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The text of a method {@code (arrays: List[Tensor]) -> List[Tensor]} of a {@link ScriptModule}.
 */
public final class ScriptMethod {
  private ScriptMethod() {}

  /**
   * Writes a method.
   *
   * @param body its lines, not indented but within blocks of their own
   */
  public static String text(String name, List<String> body) {
    String head =
        "  def "
            + name
            + "(self: "
            + ScriptModule.SELF
            + ",\n      arrays: List[Tensor]) -> List[Tensor]:\n";
    return body.stream()
        .map(line -> "    " + line + "\n")
        .collect(Collectors.joining("", head, ""));
  }
}
