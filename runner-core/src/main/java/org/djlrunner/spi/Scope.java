package org.djlrunner.spi;

/** Something entered that is left again by closing it; closing never fails. */
@FunctionalInterface
public interface Scope extends AutoCloseable {
  @Override
  void close();
}
