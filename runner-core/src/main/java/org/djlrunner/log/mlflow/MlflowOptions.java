package org.djlrunner.log.mlflow;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a run is tracked, and as what.
 *
 * @param uri the server, such as {@code http://localhost:5000}
 * @param experiment the experiment's name, made if it is not there; empty for the default one
 * @param tags of the run
 * @param params of the run
 * @param patience how long to wait for the server
 */
public record MlflowOptions(
    URI uri,
    Optional<String> experiment,
    Map<String, String> tags,
    Map<String, String> params,
    Patience patience) {
  /**
   * How long to wait for a server, in the thread that sends; the run itself never waits but at its
   * end.
   *
   * @param request for one answer
   * @param retryDelay between two tries
   * @param close for all that is left to send, once, at the end of the run
   */
  public record Patience(Duration request, Duration retryDelay, Duration close) {
    /** 10 s an answer, 2 s between tries, 15 s at the end. */
    public static final Patience DEFAULT =
        new Patience(Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(15));
  }

  /**
   * Keeps its own ordered copies.
   *
   * @throws IllegalArgumentException if the server is not named by http or https and a host
   */
  public MlflowOptions {
    if (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("https?")) {
      throw new IllegalArgumentException(
          "an MLflow server is named by http:// or https:// and a host, got '"
              + uri
              + "'; for a folder start one there: mlflow server --backend-store-uri DIR");
    }
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
  }

  /** A run of the default experiment. */
  public static MlflowOptions of(URI uri) {
    return new MlflowOptions(uri, Optional.empty(), Map.of(), Map.of(), Patience.DEFAULT);
  }
}
