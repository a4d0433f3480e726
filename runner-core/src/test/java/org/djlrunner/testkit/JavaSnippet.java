package org.djlrunner.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Java source compiled against this project as a user's would be: what Java's types refuse, the
 * compiler refuses here.
 */
public final class JavaSnippet {
  private JavaSnippet() {}

  /** The source does not compile, so nobody can write it. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Compiles and loads a class.
   *
   * @param folder an empty folder
   * @param name the class's name, in no package
   * @throws Refused if the compiler refuses it
   */
  public static Class<?> compile(Path folder, String name, String source) throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of(
                      "-proc:none",
                      "-cp",
                      System.getProperty("java.class.path"),
                      "-d",
                      "" + folder),
                  null,
                  files.getJavaFileObjects(file))
              .call();
      if (!compiled) {
        throw new Refused(messages.toString());
      }
    }
    URL[] place = {folder.toUri().toURL()};
    try {
      // Stays open: the class may need others beside it when it runs.
      return new URLClassLoader(place, JavaSnippet.class.getClassLoader()).loadClass(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("compiled, but not found", e);
    }
  }
}
