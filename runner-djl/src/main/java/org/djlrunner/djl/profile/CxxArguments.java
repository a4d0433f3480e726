package org.djlrunner.djl.profile;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

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

  private static final int CPU = 0;

  /** CUDA was the first before XPU took that place and CUDA became the second. */
  private static final int[] CUDA = {1, 2};

  private static final int RED = 0;
  private static final int BLACK = 1;

  /** More than any of the objects needs. */
  private static final int ROOM = 256;

  private final Memory config = zeros(ROOM);
  private final Memory set = zeros(48);
  private final Memory[] nodes = {zeros(40), zeros(40), zeros(40)};
  private final Memory scopes = zeros(56);

  CxxArguments(NativeLibrary torch, ProfileOptions options) {
    Memory experimental = zeros(ROOM);
    torch
        .getFunction(EXPERIMENTAL)
        .invokeVoid(new Object[] {experimental, zeros(24), 0, 0, zeros(24), 0, 0});
    torch
        .getFunction(CONFIG)
        .invokeVoid(
            new Object[] {
              config, KINETO, flag(options.shapes()), flag(options.memory()), 0, 0, 0, experimental
            });
    fillSet(options.activities());
    // One bucket, inside the object, and a load factor of 1.
    scopes.setPointer(0, scopes.share(48));
    scopes.setLong(8, 1);
    scopes.setFloat(32, 1);
  }

  /** A {@code ProfilerConfig} with the options, and without stacks and FLOPs. */
  Pointer config() {
    return config;
  }

  /** A {@code std::set<ActivityType>} of what is looked at. */
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

  /** A tree whose top has at most one node at each side, in ascending order. */
  private void fillSet(Set<ProfileOptions.Activity> wanted) {
    boolean cpu = wanted.contains(ProfileOptions.Activity.CPU);
    boolean cuda = wanted.contains(ProfileOptions.Activity.CUDA);
    Memory top = nodes[1];
    Pointer header = set.share(8);
    fillNode(top, BLACK, header, cuda ? CUDA[0] : CPU);
    header.setInt(0, RED);
    header.setPointer(8, top);
    header.setPointer(16, cpu && cuda ? nodes[0] : top);
    header.setPointer(24, cuda ? nodes[2] : top);
    header.setLong(32, (cpu ? 1 : 0) + (cuda ? 2 : 0));
    if (cuda) {
      fillNode(nodes[2], RED, top, CUDA[1]);
      top.setPointer(24, nodes[2]);
    }
    if (cpu && cuda) {
      fillNode(nodes[0], RED, top, CPU);
      top.setPointer(16, nodes[0]);
    }
  }

  private static void fillNode(Memory node, int color, Pointer parent, int activity) {
    node.setInt(0, color);
    node.setPointer(8, parent);
    node.setInt(32, activity);
  }

  private static int flag(boolean on) {
    return on ? 1 : 0;
  }

  private static Memory zeros(long bytes) {
    Memory memory = new Memory(bytes);
    memory.clear();
    return memory;
  }
}
