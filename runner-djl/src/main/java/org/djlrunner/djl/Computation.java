package org.djlrunner.djl;

import java.util.Locale;
import org.djlrunner.djl.precision.Precision;

/**
 * How a model's batches are computed.
 *
 * @param precision the type that was chosen, never {@link Precision#AUTO}
 * @param compiled whether the network runs as one native call
 * @param reason what stood in the way of compiling it, or of a lower precision where that was left
 *     open; empty if nothing did
 */
public record Computation(Precision precision, boolean compiled, String reason) {
  /** One line for a log, such as {@code compiled, bf16}. */
  @Override
  public String toString() {
    String how = compiled ? "compiled" : "block by block";
    return how
        + ", "
        + precision.name().toLowerCase(Locale.ROOT)
        + (reason.isEmpty() ? "" : " (" + reason + ")");
  }
}
