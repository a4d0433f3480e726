package org.djlrunner.djl.experiment;

/**
 * Adds a library's components to all that configs can name, without a line of code in the
 * application.
 *
 * <p>Found by {@link java.util.ServiceLoader}: the class has a constructor without arguments, and
 * its name stands in {@code META-INF/services/} under this interface's. {@code ./runner} and {@link
 * Experiment#read(org.djlrunner.config.Config)} ask all providers on the class path.
 */
public interface ComponentProvider {
  /**
   * Registers the components.
   *
   * @throws IllegalArgumentException if a type is taken; take a scope of your own then, with {@code
   *     registry.child("mylib")}
   */
  void addTo(Components components);
}
