package org.djlrunner.examples;

import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Takes the arguments of {@code --cfg-options} as far as they are {@code KEY.PATH=VALUE}, so that
 * the config's name may follow them.
 */
final class KeyValueConsumer implements IParameterConsumer {
  @Override
  public void consumeParameters(Stack<String> args, ArgSpec option, CommandSpec command) {
    List<String> values = option.getValue();
    boolean first = true;
    while (!args.isEmpty() && (first || isKeyValue(args.peek()))) {
      values.add(args.pop());
      first = false;
    }
  }

  private static boolean isKeyValue(String argument) {
    return !argument.startsWith("-") && argument.indexOf('=') > 0;
  }
}
