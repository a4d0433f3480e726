package org.djlrunner.djl.experiment;

import com.fasterxml.jackson.databind.JsonNode;

/** A config that trains in a second, and what its logs look like. */
final class SmallConfig {
  /** One epoch of 12 batches of 8 glyphs, one evaluation, a line for each iteration. */
  static final String EPOCHS =
      """
      model: {type: LeNet5, num_classes: 10}
      data:
        samples_per_gpu: 8
        workers_per_gpu: 2
        train: {type: Glyphs, size: 100, seed: 1}
        val: {type: Glyphs, size: 40, seed: 2}
        train_dataloader: {drop_last: true}
      optimizer: {type: SGD, lr: 0.05, momentum: 0.9}
      optimizer_config: {grad_clip: {max_norm: 5}}
      lr_config: {policy: fixed}
      runner: {type: EpochBasedRunner, max_epochs: 1}
      evaluation: {interval: 1}
      checkpoint_config: {interval: 1}
      log_config:
        interval: 1
        hooks: [{type: TextLoggerHook}, {type: JsonLoggerHook}]
      device: cpu
      """;

  private SmallConfig() {}

  static boolean isTraining(JsonNode line) {
    return line.path("mode").asText().equals("train");
  }
}
