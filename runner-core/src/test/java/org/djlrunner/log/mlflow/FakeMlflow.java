package org.djlrunner.log.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A local server that answers as MLflow's documentation says, or badly, as it is told. */
final class FakeMlflow implements AutoCloseable {
  private static final String ROOT = "/api/2.0/mlflow/";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<String> calls = new ArrayList<>();
  private final Map<String, JsonNode> bodies = new HashMap<>();
  private final List<String> metrics = new ArrayList<>();
  private final List<String> params = new ArrayList<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private final Map<String, String> experiments = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private @Nullable HttpServer http;
  private int largestBatch;
  private int answered;
  private boolean hangs;

  void start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
    http = server;
  }

  URI uri() {
    HttpServer server = http;
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
  }

  synchronized void knowing(String experiment, String id) {
    experiments.put(URLEncoder.encode(experiment, StandardCharsets.UTF_8), id);
  }

  synchronized void failing(String call, int times) {
    failures.put(call, times);
  }

  synchronized void hanging() {
    hangs = true;
  }

  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  synchronized JsonNode body(String call) {
    return bodies.getOrDefault(call, JSON.missingNode());
  }

  synchronized List<String> metrics() {
    return List.copyOf(metrics);
  }

  synchronized List<String> params() {
    return List.copyOf(params);
  }

  synchronized int largestBatch() {
    return largestBatch;
  }

  synchronized int answered() {
    return answered;
  }

  @Override
  public void close() {
    closed.countDown();
    HttpServer server = http;
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (isHanging()) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
      return;
    }
    int status = 200;
    String answer;
    try {
      answer = answer(exchange.getRequestMethod(), exchange.getRequestURI().toString(), body);
    } catch (Refused e) {
      status = e.status();
      answer = "{\"error_code\": \"" + e.getMessage() + "\"}";
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized boolean isHanging() {
    return hangs;
  }

  private synchronized String answer(String method, String uri, String body) throws IOException {
    if (!uri.startsWith(ROOT)) {
      throw new Refused(404, "NOT_FOUND");
    }
    String call = uri.substring(ROOT.length());
    calls.add(method + " " + call);
    if (failures.merge(call, -1, Integer::sum) >= 0) {
      throw new Refused(503, "TEMPORARILY_UNAVAILABLE");
    }
    answered++;
    JsonNode json = JSON.readTree(body);
    bodies.put(call, json);
    if (call.startsWith("experiments/get-by-name?experiment_name=")) {
      String id = experiments.get(call.substring(call.indexOf('=') + 1));
      if (id == null) {
        throw new Refused(404, "RESOURCE_DOES_NOT_EXIST");
      }
      return "{\"experiment\": {\"experiment_id\": \"" + id + "\"}}";
    }
    return switch (call) {
      case "experiments/create" -> "{\"experiment_id\": \"7\"}";
      case "runs/create" -> "{\"run\": {\"info\": {\"run_id\": \"r1\"}}}";
      case "runs/log-batch" -> logBatch(json);
      case "runs/update" -> "{}";
      default -> throw new Refused(404, "ENDPOINT_NOT_FOUND");
    };
  }

  private String logBatch(JsonNode batch) {
    largestBatch = Math.max(largestBatch, batch.path("metrics").size());
    for (JsonNode metric : batch.path("metrics")) {
      metrics.add(
          metric.path("key").asText()
              + "="
              + metric.path("value")
              + " at "
              + metric.path("step").asInt());
    }
    for (JsonNode param : batch.path("params")) {
      params.add(param.path("key").asText() + "=" + param.path("value").asText());
    }
    return "{}";
  }
}
