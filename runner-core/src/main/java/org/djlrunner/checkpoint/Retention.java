package org.djlrunner.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which of the checkpoints saved so far are kept: the last n in the order of saving, or all.
 *
 * <p>This only decides; files are written and deleted by others. The newest is always kept. Where
 * all are kept there is nothing to remember.
 */
public final class Retention {
  private final int keep;
  private final List<KeptFile> kept = new ArrayList<>();

  /**
   * No files yet.
   *
   * @param keep how many files are kept; 0 or less keeps all
   */
  public Retention(int keep) {
    this.keep = keep;
  }

  /** The files that are kept, in the order of saving; none where all are. */
  public List<KeptFile> kept() {
    return List.copyOf(kept);
  }

  /** Goes on with files of before, behind those there are. */
  public void goOn(Collection<KeptFile> files) {
    for (KeptFile file : keep < 1 ? List.<KeptFile>of() : files) {
      if (kept.stream().noneMatch(file::isSame)) {
        kept.add(file);
      }
    }
  }

  /**
   * Adds the newest file; one of the same name is replaced by it.
   *
   * @return those that are to go once it is safe on the disk
   */
  public List<KeptFile> add(KeptFile newest) {
    if (keep < 1) {
      return List.of();
    }
    kept.removeIf(newest::isSame);
    kept.add(newest);
    List<KeptFile> oldest = kept.subList(0, Math.max(0, kept.size() - keep));
    List<KeptFile> released = List.copyOf(oldest);
    oldest.clear();
    return released;
  }
}
