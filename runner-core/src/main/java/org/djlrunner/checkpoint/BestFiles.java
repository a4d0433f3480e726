package org.djlrunner.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which checkpoints are the best ones by one metric: the first k of all scores.
 *
 * <p>Any finite score counts, 0 and negative ones too; NaN and infinities never do. Of equal scores
 * the earlier one is better. This only decides; files are written and deleted by others.
 */
public final class BestFiles {
  private static final String PREFIX = "best_";
  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^\\p{L}\\p{N}._-]");

  private final String metric;
  private final int keep;
  private final BetterScore better;
  private final List<KeptFile> ranking = new ArrayList<>();

  /**
   * No files yet.
   *
   * @param metric the result that is compared
   * @param keep how many files are kept, 1 or more
   * @param better how results compare
   */
  public BestFiles(String metric, int keep, BetterScore better) {
    if (keep < 1) {
      throw new IllegalArgumentException("at least 1 best file must be kept, got " + keep);
    }
    this.metric = metric;
    this.keep = keep;
    this.better = better;
  }

  /** The metric. */
  public String metric() {
    return metric;
  }

  /** The files, the best one first. */
  public List<KeptFile> ranking() {
    return List.copyOf(ranking);
  }

  /**
   * A file's name without its ending: {@code best_METRIC_epoch_N}, in which whatever is no letter,
   * digit, point, minus or underscore has become an underscore.
   *
   * @param place {@code epoch_N} or {@code iter_N}
   */
  public static String name(String metric, String place) {
    return PREFIX + NOT_IN_NAMES.matcher(metric).replaceAll("_") + "_" + place;
  }

  /** Whether a file's name is that of a best file. */
  static boolean isName(String name) {
    return name.startsWith(PREFIX);
  }

  /**
   * Compares a file that could be written with the best ones.
   *
   * @param candidate the file, with its score
   * @return the files that it displaces; empty if it isn't one of the best, then nothing is changed
   */
  public Optional<List<KeptFile>> offer(KeptFile candidate) {
    double score = candidate.score().orElse(Double.NaN);
    if (!Double.isFinite(score)) {
      return Optional.empty();
    }
    Optional<KeptFile> sameName = ranking.stream().filter(candidate::isSame).findFirst();
    if (sameName.isPresent()) {
      if (!better.isBetter(metric, score, score(sameName.get()))) {
        return Optional.empty();
      }
      ranking.remove(sameName.get());
    }
    int place = 0;
    while (place < ranking.size() && !better.isBetter(metric, score, score(ranking.get(place)))) {
      place++;
    }
    if (place >= keep) {
      return Optional.empty();
    }
    ranking.add(place, candidate);
    return Optional.of(cutBehind());
  }

  /**
   * Goes on with files of before; one in another folder keeps its place, but is never touched.
   *
   * @return those that are no longer among the best
   */
  public List<KeptFile> goOn(Collection<KeptFile> files) {
    List<KeptFile> displaced = new ArrayList<>();
    for (KeptFile file : files) {
      if (ranking.stream().noneMatch(file::isSame)) {
        displaced.addAll(offer(file).orElse(List.of(file)));
      }
    }
    return displaced;
  }

  private List<KeptFile> cutBehind() {
    List<KeptFile> behind = ranking.subList(Math.min(keep, ranking.size()), ranking.size());
    List<KeptFile> displaced = List.copyOf(behind);
    behind.clear();
    return displaced;
  }

  private static double score(KeptFile file) {
    return file.score().orElse(Double.NaN);
  }
}
