package org.djlrunner.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.config.Config;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What every command about a config takes: its file, and values that replace the config's.
 *
 * <p>A command has it as a mixin, and lets the config's and the data's exceptions pass: {@link
 * ErrorMessages} tells the user.
 */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n")
final class ConfigArguments {
  @Parameters(index = "0", paramLabel = "CONFIG", description = "The config, a YAML or JSON file.")
  private Path file = Path.of("");

  @Option(
      names = "--cfg-options",
      paramLabel = "KEY.PATH=VALUE",
      arity = "1..*",
      parameterConsumer = KeyValueConsumer.class,
      description = "Values that replace the config's, such as optimizer.lr=0.1.")
  private List<String> replaced = new ArrayList<>();

  /** The config's file. */
  Path file() {
    return file;
  }

  /**
   * The config with what replaces its values.
   *
   * @throws org.djlrunner.config.ConfigException if it can't be read
   */
  Config load() {
    return Config.load(file).with(replaced);
  }
}
