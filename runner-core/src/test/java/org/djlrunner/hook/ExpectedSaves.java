package org.djlrunner.hook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.djlrunner.testkit.Vectors.Case;

/**
 * The saves that our rules give for a recorded case with one or more checkpoint hooks, and why they
 * aren't MMCV's where they aren't, both from the case's inputs.
 */
final class ExpectedSaves {
  private final Case c;
  private final int loaderLength;
  private final int startEpoch;
  private final int startIter;

  ExpectedSaves(Case c) {
    this.c = c;
    this.loaderLength = c.at("loader_lengths").get(0).asInt();
    this.startEpoch = c.at("start").path("epoch").asInt();
    this.startIter = c.at("start").path("iter").asInt();
  }

  /**
   * A save by our rules.
   *
   * @param name the file's name without its ending
   * @param epoch finished epochs
   * @param iter finished iterations
   */
  record Point(String name, int epoch, int iter) {}

  /** What hooks register as counting, unless they say: what the section of a config would. */
  boolean isSection() {
    return c.at("note").asText().contains("register_training_hooks");
  }

  private boolean byEpoch(JsonNode hook) {
    return hook.path("by_epoch").asBoolean(RecordedSaves.isByEpoch(c) || !isSection());
  }

  private int lastIter() {
    return RecordedSaves.isByEpoch(c)
        ? startIter + Math.max(0, c.at("max_epochs").asInt() - startEpoch) * loaderLength
        : Math.max(startIter, c.at("max_iters").asInt());
  }

  private int passesBehind(int iter) {
    return startEpoch + (iter - startIter) / loaderLength;
  }

  /** Saves of one hook, in order. */
  List<Point> points(JsonNode hook) {
    int interval = hook.path("interval").asInt(-1);
    boolean saveLast = hook.path("save_last").asBoolean(true);
    List<Point> points = new ArrayList<>();
    for (int iter = startIter + 1; iter <= lastIter(); iter++) {
      boolean passEnds = (iter - startIter) % loaderLength == 0;
      boolean last = saveLast && iter == lastIter();
      if (byEpoch(hook)) {
        int epoch = passesBehind(iter);
        boolean due = passEnds && interval > 0 && epoch % interval == 0;
        if (due || (last && passEnds)) {
          points.add(new Point(name(hook, "epoch_{}", epoch), epoch, iter));
        } else if (last) {
          points.add(new Point("iter_" + iter, epoch, iter));
        }
      } else if (interval > 0 && iter % interval == 0) {
        // At the boundary of its last iteration an epoch isn't over yet.
        points.add(new Point(name(hook, "iter_{}", iter), passesBehind(iter - 1), iter));
      } else if (last) {
        points.add(new Point(name(hook, "iter_{}", iter), passesBehind(iter), iter));
      }
    }
    return points;
  }

  private static String name(JsonNode hook, String usual, int count) {
    return hook.path("filename_tmpl")
        .asText(usual)
        .replaceFirst("\\.(pth|pt)$", "")
        .replace("{}", Integer.toString(count));
  }

  /** The names left after all saves of a single hook, beside those that were there before. */
  List<String> left(JsonNode hook) {
    List<Point> points = points(hook);
    int keep = hook.path("max_keep_ckpts").asInt(-1);
    int from = keep > 0 ? Math.max(0, points.size() - keep) : 0;
    TreeSet<String> names = new TreeSet<>();
    c.at("preexisting").forEach(name -> names.add(name.asText().replaceFirst("\\.pth$", "")));
    points.forEach(point -> names.remove(point.name()));
    points.subList(from, points.size()).forEach(point -> names.add(point.name()));
    return List.copyOf(names);
  }

  /** Why our saves are others than those recorded; empty where they are the same. */
  List<String> deviations() {
    List<String> why = new ArrayList<>();
    for (JsonNode hook : c.at("checkpoint_hooks")) {
      int keep = hook.path("max_keep_ckpts").asInt(-1);
      int interval = hook.path("interval").asInt(-1);
      if (!RecordedSaves.isByEpoch(c) && byEpoch(hook)) {
        why.add("Q-R5");
      } else if (RecordedSaves.isByEpoch(c) && !byEpoch(hook)) {
        why.add("Q-H8");
      } else if (!RecordedSaves.isByEpoch(c) && !points(hook).isEmpty()) {
        why.add("Q-R15");
      }
      boolean lastOffGrid =
          points(hook).stream().anyMatch(p -> interval > 0 && count(hook, p) % interval != 0);
      if (keep > 0 && (interval == 0 || lastOffGrid || c.at("preexisting").size() > 0)) {
        why.add("Q-H7");
      }
    }
    return why;
  }

  private int count(JsonNode hook, Point point) {
    return byEpoch(hook) ? point.epoch() : point.iter();
  }

  /** Whether a hook is refused when its config is read. */
  boolean isRefused() {
    for (JsonNode hook : c.at("checkpoint_hooks")) {
      String template = hook.path("filename_tmpl").asText("{}");
      if (hook.has("nosuch")
          || hook.path("interval").isFloatingPointNumber()
          || template.split("\\{}", -1).length != 2) {
        return true;
      }
    }
    return false;
  }
}
