package org.djlrunner.log.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls of MLflow's REST API that a run needs; each waits for its answer. */
final class MlflowApi {
  /** Measurements that a server takes in one call. */
  static final int MAX_METRICS = 1000;

  /** Tags, or params, that a server takes in one call. */
  private static final int MAX_ENTRIES = 100;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http;
  private final String root;
  private final Duration timeout;

  /**
   * A server's API.
   *
   * @param timeout for connecting, and for an answer
   */
  MlflowApi(URI server, Duration timeout) {
    this.root = server.toString().replaceAll("/+$", "") + "/api/2.0/mlflow/";
    this.timeout = timeout;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
  }

  /** The id of the experiment of that name, which is made if it isn't there. */
  String experiment(String name) throws IOException, InterruptedException {
    String query = "?experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    try {
      return id(
          send("experiments/get-by-name", request("experiments/get-by-name" + query).GET())
              .path("experiment"),
          "experiment_id");
    } catch (Refused e) {
      if (e.status() != 404) {
        throw e;
      }
      return id(post("experiments/create", Map.of("name", name)), "experiment_id");
    }
  }

  /** Begins a run and returns its id. */
  String createRun(String experimentId, String name, long startMillis, Map<String, String> tags)
      throws IOException, InterruptedException {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("mlflow.runName", name);
    named.putAll(tags);
    JsonNode answer =
        post(
            "runs/create",
            Map.of(
                "experiment_id",
                experimentId,
                "run_name",
                name,
                "start_time",
                startMillis,
                "tags",
                entries(named)));
    return id(answer.path("run").path("info"), "run_id");
  }

  /** Sets parameters of a run. */
  void logParams(String runId, Map<String, String> params)
      throws IOException, InterruptedException {
    List<Map<String, String>> all = entries(params);
    for (int from = 0; from < all.size(); from += MAX_ENTRIES) {
      post(
          "runs/log-batch",
          Map.of(
              "run_id",
              runId,
              "params",
              all.subList(from, Math.min(all.size(), from + MAX_ENTRIES))));
    }
  }

  /** Adds measurements to a run, at most {@link #MAX_METRICS}. */
  void logMetrics(String runId, List<Measurement> measurements)
      throws IOException, InterruptedException {
    List<Map<String, Object>> metrics = new ArrayList<>();
    for (Measurement m : measurements) {
      metrics.add(
          Map.of("key", m.key(), "value", m.value(), "timestamp", m.millis(), "step", m.step()));
    }
    post("runs/log-batch", Map.of("run_id", runId, "metrics", metrics));
  }

  /** Ends a run. */
  void endRun(String runId, String status, long endMillis)
      throws IOException, InterruptedException {
    post("runs/update", Map.of("run_id", runId, "status", status, "end_time", endMillis));
  }

  private static List<Map<String, String>> entries(Map<String, String> values) {
    List<Map<String, String>> entries = new ArrayList<>();
    values.forEach((key, value) -> entries.add(Map.of("key", key, "value", value)));
    return entries;
  }

  private static String id(JsonNode holder, String name) throws IOException {
    String id = holder.path(name).asText();
    if (id.isEmpty()) {
      throw new IOException("the answer has no " + name + "; is this an MLflow server?");
    }
    return id;
  }

  private JsonNode post(String path, Map<String, ?> body) throws IOException, InterruptedException {
    // Values that are not finite become texts, as protocol buffers' JSON has them.
    String json = JSON.writeValueAsString(body);
    return send(
        path,
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(root + path)).timeout(timeout);
  }

  private JsonNode send(String path, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (answer.statusCode() != 200) {
      String body = answer.body().strip();
      throw new Refused(
          answer.statusCode(),
          String.format(
              "%s answered %d: %s",
              path, answer.statusCode(), body.substring(0, Math.min(300, body.length()))));
    }
    try {
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new IOException(path + " answered no JSON; is this an MLflow server?", e);
    }
  }
}
