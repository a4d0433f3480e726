package org.djlrunner.examples.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.djlrunner.checkpoint.KeptFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The best value of each result, and where its weights are. */
class BestTableTest {
  private static RunRecord record(String mode, int epoch, Map<String, Double> values) {
    return new RunRecord(mode, epoch, epoch * 10, values);
  }

  private static KeptFile kept(String name, String reason, int epoch) {
    return new KeptFile(Path.of("run"), name, reason, OptionalDouble.empty(), epoch, epoch * 10);
  }

  private static List<BestRow> table(List<RunRecord> records) {
    return BestTable.of(records, List.of(), List.of());
  }

  @Test
  @DisplayName(
      "J04 more is better for scores, less for losses and ece; of equals the earlier one is")
  void direction() {
    List<BestRow> rows =
        table(
            List.of(
                record("train", 1, Map.of("loss", 0.01)),
                record("val", 1, Map.of("accuracy_top-1", 90.0)),
                record("val", 2, Map.of("accuracy_top-1", 95.0)),
                record("val", 3, Map.of("accuracy_top-1", 95.0)),
                record("val", 4, Map.of("noisy/loss", 0.5)),
                record("val", 5, Map.of("noisy/loss", 0.7)),
                record("test", 6, Map.of("ece", 0.2))));
    assertThat(rows)
        .containsExactly(
            new BestRow("accuracy_top-1", "highest", 95, 2, 20, Optional.empty(), 95),
            new BestRow("noisy/loss", "lowest", 0.5, 4, 40, Optional.empty(), 0.7),
            new BestRow("test/ece", "lowest", 0.2, 6, 60, Optional.empty(), 0.2));
  }

  @Test
  @DisplayName("J04 NaN and infinity are no best; a name that doesn't tell has both ends")
  void unusable() {
    List<BestRow> rows =
        table(
            List.of(
                record("val", 1, Map.of("loss", Double.NEGATIVE_INFINITY)),
                record("val", 2, Map.of("loss", 3.0)),
                record("val", 3, Map.of("loss", Double.NaN)),
                record("val", 4, Map.of("size", 1.0)),
                record("val", 5, Map.of("size", 2.0)),
                record("val", 6, Map.of("f1_score", Double.NaN, "support", 100.0))));
    assertThat(rows)
        .containsExactly(
            new BestRow("loss", "lowest", 3, 2, 20, Optional.empty(), Double.NaN),
            new BestRow("size", "highest", 2, 5, 50, Optional.empty(), 2),
            new BestRow("size", "lowest", 1, 4, 40, Optional.empty(), 2));
  }

  @Test
  @DisplayName("J04 a run that was never evaluated has its training losses")
  void trainingOnly() {
    assertThat(
            table(
                List.of(
                    record("train", 1, Map.of("loss", 2.0, "lr", 0.1)),
                    record("train", 2, Map.of("loss", 1.0, "loss_scale", 512.0)))))
        .containsExactly(new BestRow("loss", "lowest", 1, 2, 20, Optional.empty(), 1));
  }

  @Test
  @DisplayName(
      "J04 the checkpoint is the metric's best file, else any of that iteration, else none")
  void checkpoint() {
    List<RunRecord> records =
        List.of(
            record("val", 1, Map.of("accuracy", 50.0)),
            record("val", 2, Map.of("accuracy", 90.0)),
            record("val", 3, Map.of("accuracy", 70.0)));
    KeptFile plain = kept("epoch_2.safetensors", "checkpoint", 2);
    KeptFile best = kept("best_accuracy_epoch_2.safetensors", "best accuracy", 2);
    KeptFile other = kept("epoch_3.safetensors", "checkpoint", 3);

    assertThat(BestTable.of(records, List.of(plain, best, other), List.of()))
        .extracting(BestRow::checkpoint)
        .containsExactly(Optional.of("best_accuracy_epoch_2.safetensors"));
    assertThat(BestTable.of(records, List.of(plain, other), List.of()))
        .extracting(BestRow::checkpoint)
        .containsExactly(Optional.of("epoch_2.safetensors"));
    assertThat(BestTable.of(records, List.of(other), List.of("epoch_2.safetensors")))
        .extracting(BestRow::checkpoint)
        .containsExactly(Optional.empty());
  }

  @Test
  @DisplayName("J04 without checkpoints.json files go by their names")
  void byName() {
    List<RunRecord> records = List.of(record("val", 2, Map.of("acc/top 1", 50.0)));
    assertThat(
            BestTable.of(
                records,
                List.of(),
                List.of("best_acc_top_1_epoch_2.safetensors", "epoch_2.pth", "epoch_20.pth")))
        .extracting(BestRow::checkpoint)
        .containsExactly(Optional.of("best_acc_top_1_epoch_2.safetensors"));
    assertThat(BestTable.of(records, List.of(), List.of("epoch_20.pth", "iter_20.pth")))
        .extracting(BestRow::checkpoint)
        .containsExactly(Optional.of("iter_20.pth"));
  }
}
