package org.djlrunner.djl.optim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.djlrunner.djl.param.ArenaLayout;
import org.djlrunner.djl.param.ArenaSlot;

/**
 * The slots of an arena that one optimizer updates, in the order of storage.
 *
 * <p>State is packed: an optimizer of half of the parameters has arrays of half the arena's size.
 *
 * @param owned the slots
 * @param inArena their bits by position in the arena
 * @param size elements of all of them together
 */
record OwnedSlots(List<Owned> owned, BitSet inArena, long size) {
  /**
   * One of them.
   *
   * @param index position in the arena
   * @param group position of its group
   * @param stateOffset first element in each state array
   */
  record Owned(ArenaSlot slot, int index, int group, long stateOffset) {}

  /** Finds what the groups own. */
  static OwnedSlots of(ArenaLayout layout, List<GroupSpec> groups) {
    List<Owned> owned = new ArrayList<>();
    BitSet inArena = new BitSet();
    long size = 0;
    for (int i = 0; i < layout.slots().size(); i++) {
      ArenaSlot slot = layout.slots().get(i);
      int group = groupOf(slot.name(), groups);
      if (group >= 0) {
        owned.add(new Owned(slot, i, group, size));
        inArena.set(i);
        size += slot.size();
      }
    }
    return new OwnedSlots(List.copyOf(owned), inArena, size);
  }

  /** The group that a name belongs to, or -1. */
  static int groupOf(String name, List<GroupSpec> groups) {
    int found = -1;
    for (int g = 0; g < groups.size(); g++) {
      if (groups.get(g).members().test(name)) {
        if (found >= 0) {
          throw new IllegalArgumentException(
              "parameter '"
                  + name
                  + "' is in two groups, '"
                  + groups.get(found).name()
                  + "' and '"
                  + groups.get(g).name()
                  + "'");
        }
        found = g;
      }
    }
    return found;
  }
}
