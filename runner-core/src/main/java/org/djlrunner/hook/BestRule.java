package org.djlrunner.hook;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.djlrunner.hook.EarlyStopping.Rule;

/**
 * Tells from a result's name whether more or less of it is better, as MMCV's evaluation hook does.
 *
 * <p>The first that fits decides, whatever the case of letters: the name is one of the greater
 * keys; is one of the less keys; holds a greater key; holds a less key. So {@code loss_acc} counts
 * as a greater one.
 *
 * @param greaterKeys names, or parts of names, of which more is better
 * @param lessKeys names, or parts of names, of which less is better
 */
public record BestRule(List<String> greaterKeys, List<String> lessKeys) {
  /** MMCV's greater keys. */
  public static final List<String> GREATER_KEYS =
      List.of("acc", "top", "AR@", "auc", "precision", "mAP", "mDice", "mIoU", "mAcc", "aAcc");

  /** MMCV's less keys. */
  public static final List<String> LESS_KEYS = List.of("loss");

  /** MMCV's keys. */
  public static final BestRule DEFAULT = new BestRule(GREATER_KEYS, LESS_KEYS);

  /** Keeps its own copies. */
  public BestRule {
    greaterKeys = List.copyOf(greaterKeys);
    lessKeys = List.copyOf(lessKeys);
  }

  /** The rule of a name, empty if no key fits. */
  public Optional<Rule> of(String name) {
    String plain = lower(name);
    if (greaterKeys.stream().anyMatch(key -> lower(key).equals(plain))) {
      return Optional.of(Rule.GREATER);
    }
    if (lessKeys.stream().anyMatch(key -> lower(key).equals(plain))) {
      return Optional.of(Rule.LESS);
    }
    if (greaterKeys.stream().anyMatch(key -> plain.contains(lower(key)))) {
      return Optional.of(Rule.GREATER);
    }
    if (lessKeys.stream().anyMatch(key -> plain.contains(lower(key)))) {
      return Optional.of(Rule.LESS);
    }
    return Optional.empty();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
