package org.djlrunner.hook;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.djlrunner.hook.ScheduledGroups.Writer;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;
import org.jspecify.annotations.Nullable;

/**
 * The scheduled values that the last iteration before a checkpoint had, by optimizer and group:
 * what a resumed run shows until its first training iteration computes its own.
 */
final class ValuesInForce {
  private final ToDoubleFunction<ParamGroup> reader;
  private final Writer writer;
  private Map<String, Optimizer> optimizers = Map.of();
  private @Nullable Map<?, ?> restored;

  ValuesInForce(ToDoubleFunction<ParamGroup> reader, Writer writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /** Looks at these optimizers from now on; what was restored is put in force, where it fits. */
  void beforeRun(Map<String, Optimizer> present) {
    optimizers = present;
    Map<?, ?> values = restored;
    restored = null;
    if (values != null) {
      present.forEach((name, optimizer) -> write(optimizer.paramGroups(), values.get(name)));
    }
  }

  private void write(List<ParamGroup> groups, @Nullable Object values) {
    if (values instanceof List<?> list && list.size() == groups.size()) {
      for (int i = 0; i < groups.size(); i++) {
        if (list.get(i) instanceof Number value) {
          writer.set(groups.get(i), value.doubleValue());
        }
      }
    }
  }

  Map<String, Object> state() {
    Map<String, Object> values = new LinkedHashMap<>();
    optimizers.forEach(
        (name, optimizer) ->
            values.put(
                name, optimizer.paramGroups().stream().mapToDouble(reader).boxed().toList()));
    return values;
  }

  void restore(Map<String, Object> state) {
    restored = Map.copyOf(state);
  }
}
