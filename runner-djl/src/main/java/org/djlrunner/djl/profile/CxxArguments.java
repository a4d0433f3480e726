package org.djlrunner.djl.profile;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/**
 * The profiler's arguments as objects of C++, laid out as GNU's standard library does on x86-64.
 *
 * <p>They are read by the functions that take them, and kept by none; the memory is freed with this
 * object.
 */
final class CxxArguments {
  private static final String IMPL = "_ZN5torch8profiler4impl";
  private static final String STRINGS =
      "St6vectorINSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEESaIS9_EE";

  /** {@code ExperimentalConfig(vector<string>, bool, bool, vector<string>, bool, bool)}. */
  private static final String EXPERIMENTAL = IMPL + "18ExperimentalConfigC1E" + STRINGS + "bbSB_bb";

  /** {@code ProfilerConfig(ProfilerState, bool, bool, bool, bool, bool, ExperimentalConfig)}. */
  private static final String CONFIG =
      IMPL + "14ProfilerConfigC1ENS1_13ProfilerStateEbbbbbNS1_18ExperimentalConfigE";

  /** {@code ProfilerState::KINETO}. */
  private static final int KINETO = 5;

  /** Operations are 0; CUDA was 1 before XPU took that place and CUDA became 2. */
  private static final int[] ACTIVITIES = {0, 1, 2};

  private static final int RED = 0;
  private static final int BLACK = 1;

  /** More than any of the objects needs. */
  private static final int ROOM = 256;

  private final Memory config = zeros(ROOM);
  private final Memory set = zeros(48);
  private final Memory[] nodes = {zeros(40), zeros(40), zeros(40)};
  private final Memory scopes = zeros(56);

  CxxArguments(NativeLibrary torch) {
    Memory experimental = zeros(ROOM);
    torch
        .getFunction(EXPERIMENTAL)
        .invokeVoid(new Object[] {experimental, zeros(24), 0, 0, zeros(24), 0, 0});
    torch
        .getFunction(CONFIG)
        .invokeVoid(new Object[] {config, KINETO, 0, 0, 0, 0, 0, experimental});
    fillSet();
    // One bucket, inside the object, and a load factor of 1.
    scopes.setPointer(0, scopes.share(48));
    scopes.setLong(8, 1);
    scopes.setFloat(32, 1);
  }

  /** A {@code ProfilerConfig} that records no shapes, memory or stacks. */
  Pointer config() {
    return config;
  }

  /** A {@code std::set<ActivityType>} of operations and what GPUs do. */
  Pointer activities() {
    return set;
  }

  /** An empty {@code std::unordered_set<at::RecordScope>}, which means all of them. */
  Pointer anyScope() {
    return scopes;
  }

  /** A {@code std::string}. */
  Pointer text(String text) {
    byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
    // The object, then its characters, in one piece so that both live as long.
    Memory string = zeros(32 + bytes.length);
    string.write(32, bytes, 0, bytes.length);
    string.setPointer(0, string.share(32));
    string.setLong(8, bytes.length - 1);
    string.setLong(16, bytes.length - 1);
    return string;
  }

  /** A tree of three nodes: the second at the top, the others below. */
  private void fillSet() {
    Pointer header = set.share(8);
    for (int i = 0; i < nodes.length; i++) {
      nodes[i].setInt(0, i == 1 ? BLACK : RED);
      nodes[i].setPointer(8, i == 1 ? header : nodes[1]);
      nodes[i].setInt(32, ACTIVITIES[i]);
    }
    nodes[1].setPointer(16, nodes[0]);
    nodes[1].setPointer(24, nodes[2]);
    header.setInt(0, RED);
    header.setPointer(8, nodes[1]);
    header.setPointer(16, nodes[0]);
    header.setPointer(24, nodes[2]);
    header.setLong(32, nodes.length);
  }

  private static Memory zeros(long bytes) {
    Memory memory = new Memory(bytes);
    memory.clear();
    return memory;
  }
}
