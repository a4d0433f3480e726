package org.djlrunner.djl.testkit;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Structure;
import java.util.OptionalLong;

/** What the process has taken from the C library's heap, where libtorch's CPU arrays lie. */
public final class NativeHeap {
  private NativeHeap() {}

  /** Bytes in use; empty where the C library is not a recent glibc. */
  public static OptionalLong bytesInUse() {
    if (!Platform.isLinux()) {
      return OptionalLong.empty();
    }
    try {
      Statistics now = Glibc.C.mallinfo2();
      return OptionalLong.of(now.uordblks + now.hblkhd);
    } catch (UnsatisfiedLinkError e) {
      return OptionalLong.empty();
    }
  }

  /** The C library. */
  public interface Glibc extends Library {
    /** The library of this process. */
    Glibc C = Native.load("c", Glibc.class);

    /** Statistics of all arenas, since glibc 2.33. */
    Statistics mallinfo2();
  }

  /** glibc's {@code struct mallinfo2}. */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static final class Statistics extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;
  }
}
