package org.djlrunner.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.djlrunner.hook.Hook;

/** Classes of hooks that override given methods, made as needed. */
public final class HookClasses {
  private HookClasses() {}

  /**
   * A hook of a new class.
   *
   * @param folder where to compile it
   * @param name the class's name
   * @param methods what it overrides, under MMCV's names such as {@code before_run}
   */
  public static Hook overriding(Path folder, String name, List<String> methods)
      throws ReflectiveOperationException, IOException {
    StringBuilder source = new StringBuilder("import org.djlrunner.hook.*;\n");
    source.append("public class ").append(name).append(" implements Hook {\n");
    for (String method : methods) {
      source
          .append("  public void ")
          .append(camelCase(method))
          .append("(HookContext context) {}\n");
    }
    Path own = Files.createTempDirectory(folder, name);
    return (Hook)
        JavaSnippet.compile(own, name, source.append("}\n").toString())
            .getDeclaredConstructor()
            .newInstance();
  }

  private static String camelCase(String name) {
    return Pattern.compile("_(.)")
        .matcher(name)
        .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
  }
}
