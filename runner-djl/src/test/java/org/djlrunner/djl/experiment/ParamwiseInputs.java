package org.djlrunner.djl.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.testkit.Vectors.Case;

/** What follows from the inputs of a recorded case, whatever MMCV made of them. */
record ParamwiseInputs(Case recorded, RecordedModel model) {
  private static final Set<String> KNOWN =
      Set.of(
          "custom_keys",
          "bias_lr_mult",
          "bias_decay_mult",
          "norm_decay_mult",
          "dwconv_decay_mult",
          "dcn_offset_lr_mult",
          "bypass_duplicate");
  private static final Set<String> KNOWN_IN_KEYS = Set.of("lr_mult", "decay_mult");
  private static final List<String> DECAYS =
      List.of("bias_decay_mult", "norm_decay_mult", "dwconv_decay_mult");

  /** The case as the section {@code optimizer} of a config. */
  ObjectNode config() {
    return config(recorded);
  }

  static ObjectNode config(Case recorded) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    JsonNode optimizer = recorded.at("optimizer").deepCopy();
    if (optimizer instanceof ObjectNode section && recorded.has("paramwise_cfg")) {
      section.set("paramwise_cfg", recorded.at("paramwise_cfg"));
    }
    return root.set("optimizer", optimizer);
  }

  private JsonNode rules() {
    return recorded.at("paramwise_cfg");
  }

  private JsonNode customKeys() {
    return rules().path("custom_keys");
  }

  private List<JsonNode> factorMaps() {
    List<JsonNode> maps = new ArrayList<>();
    customKeys().forEach(maps::add);
    return maps;
  }

  /** Options that MMCV passes over, and factors below 0. */
  boolean refusedHereOnly() {
    return hasOther(rules(), KNOWN)
        || hasNegative(rules())
        || factorMaps().stream().anyMatch(m -> hasOther(m, KNOWN_IN_KEYS) || hasNegative(m));
  }

  private static boolean hasOther(JsonNode map, Set<String> known) {
    return map.properties().stream().anyMatch(entry -> !known.contains(entry.getKey()));
  }

  private static boolean hasNegative(JsonNode map) {
    return map.properties().stream().anyMatch(entry -> entry.getValue().asDouble() < 0);
  }

  /** What neither takes: wrong types, a decay's factor without a decay, duplicates. */
  boolean refusedByBoth() {
    boolean wrong =
        isOther(rules())
            || isOther(customKeys())
            || factorMaps().stream().anyMatch(map -> !map.isObject());
    boolean decays =
        DECAYS.stream().anyMatch(rules()::has)
            || factorMaps().stream().anyMatch(map -> map.has("decay_mult"));
    boolean duplicates =
        !rules().isEmpty() && !bypasses() && (model.shares(true) || model.shares(false));
    boolean noDecay = !recorded.at("optimizer").hasNonNull("weight_decay");
    return wrong || duplicates || (decays && noDecay);
  }

  /** Whether a node is there and no mapping. */
  private static boolean isOther(JsonNode node) {
    return !(node.isObject() || node.isNull() || node.isMissingNode());
  }

  private boolean bypasses() {
    return rules().path("bypass_duplicate").asBoolean();
  }

  /** MMCV looks at frozen parameters before it looks for duplicates. */
  boolean bypassesFrozenDuplicates() {
    return bypasses() && model.shares(false);
  }

  /** The same config with the optimizer's default rate written out and without null options. */
  ObjectNode equivalent(Map<String, Double> defaultRates) {
    ObjectNode config = config();
    if (config.path("optimizer") instanceof ObjectNode section && !rules().isEmpty()) {
      Double rate = defaultRates.get(section.path("type").asText());
      if (!section.hasNonNull("lr") && rate != null) {
        section.put("lr", rate);
      }
      if (section.path("paramwise_cfg") instanceof ObjectNode cfg) {
        ObjectNode given = cfg.deepCopy();
        given.properties().removeIf(entry -> entry.getValue().isNull());
        section.set("paramwise_cfg", given);
      }
    }
    return config;
  }

  /**
   * In MMCV a convolution of one channel is depth-wise, which also puts its bias under that rule.
   */
  boolean mistakesSingleChannelForDepthwise() {
    return (rules().has("dwconv_decay_mult") || rules().has("bias_decay_mult"))
        && !model.singleChannel().isEmpty();
  }

  JsonNode recordedGroups() {
    return recorded.at("groups");
  }

  /** The decay that a parameter should have: the recorded one unless it came by that mistake. */
  double decay(String parameter, double decayThere) {
    boolean mistaken =
        mistakesSingleChannelForDepthwise()
            && model.singleChannel().contains(parameter)
            && customKeys().properties().stream().noneMatch(e -> parameter.contains(e.getKey()));
    if (!mistaken) {
      return decayThere;
    }
    double base = recorded.at("optimizer").path("weight_decay").asDouble();
    return parameter.endsWith(".bias") ? base * rules().path("bias_decay_mult").asDouble(1) : base;
  }
}
