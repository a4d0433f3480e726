package org.djlrunner.hook;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.Every;
import org.djlrunner.checkpoint.CheckpointName;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a checkpoint hook in MMCV's words: {@code interval} (default -1: only the end), {@code
 * by_epoch}, {@code save_optimizer} (true), {@code out_dir}, {@code max_keep_ckpts} (-1: all),
 * {@code save_last} (true), {@code filename_tmpl}, {@code create_symlink} (true: the text file
 * {@code latest}), {@code meta}, and ours: {@code background} (false).
 *
 * <p>{@code sync_buffer} and {@code file_client_args} are known too; with one process and files on
 * disks there is one value for each that has a meaning.
 */
public final class CheckpointConfig {
  private CheckpointConfig() {}

  /**
   * Reads all options; what is wrong is added to the reader's errors, and so is what is unknown.
   *
   * @param unit what is counted where {@code by_epoch} isn't given
   */
  public static CheckpointSettings read(ConfigReader config, Every.Unit unit) {
    boolean byEpoch = config.bool("by_epoch", unit == Every.Unit.EPOCH);
    Every interval =
        new Every(config.integer("interval", -1), byEpoch ? Every.Unit.EPOCH : Every.Unit.ITER);
    String outDir = config.stringOrNull("out_dir");
    CheckpointSettings settings =
        CheckpointSettings.at(interval)
            .saveLast(config.bool("save_last", true))
            .saveOptimizer(config.bool("save_optimizer", true))
            .outDir(outDir == null ? null : Path.of(outDir))
            .maxKeep(config.integer("max_keep_ckpts", -1))
            .name(name(config))
            .latest(config.bool("create_symlink", true))
            .meta(meta(config))
            .background(config.bool("background", false));
    requireOneMeaning(config);
    config.finish();
    return settings;
  }

  private static @Nullable CheckpointName name(ConfigReader config) {
    String template = config.stringOrNull("filename_tmpl");
    try {
      return template == null ? null : new CheckpointName(template);
    } catch (IllegalArgumentException e) {
      config.error("filename_tmpl", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static Map<String, Object> meta(ConfigReader config) {
    if (!config.has("meta")) {
      return Map.of();
    }
    ConfigNode node = config.node("meta").orElseThrow();
    if (plain(node) instanceof Map<?, ?> map) {
      Map<String, Object> meta = new LinkedHashMap<>();
      map.forEach((key, value) -> meta.put(String.valueOf(key), value));
      return meta;
    }
    config.error("meta", "expected a mapping, got " + node.describe());
    return Map.of();
  }

  private static @Nullable Object plain(ConfigNode node) {
    if (node instanceof ConfigNode.Mapping mapping) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      mapping.entries().forEach((key, entry) -> map.put(key, plain(entry)));
      return map;
    }
    if (node instanceof ConfigNode.Sequence sequence) {
      List<@Nullable Object> list = new ArrayList<>();
      sequence.items().forEach(item -> list.add(plain(item)));
      return list;
    }
    return ((ConfigNode.Value) node).value();
  }

  private static void requireOneMeaning(ConfigReader config) {
    config.require(
        !config.bool("sync_buffer", false),
        "sync_buffer",
        "has nothing to synchronise in one process; leave it out");
    config
        .optionalSection("file_client_args")
        .ifPresent(
            client -> {
              String backend = client.string("backend", "disk");
              client.require(
                  backend.equals("disk"),
                  "backend",
                  "checkpoints are written to disks only, got '" + backend + "'");
              client.finish();
            });
  }
}
