package org.djlrunner.config;

/** How paths to values are written: {@code log_config.hooks[0].interval}. */
final class ConfigPath {

  private ConfigPath() {}

  static String join(String parent, String key) {
    if (parent.isEmpty() || key.isEmpty()) {
      return parent + key;
    }
    return parent + "." + key;
  }

  static String item(String parent, int index) {
    return parent + "[" + index + "]";
  }
}
