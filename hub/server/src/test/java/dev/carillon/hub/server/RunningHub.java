package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine;

/** A hub on a free port, and what a client would do with it. */
final class RunningHub implements AutoCloseable {

  static final String PUBLISH = "/api/v2.0/EventService";
  static final String QUERY = "/api/v2.0/QueryService/Events";
  static final String EVENTS = "/api/events";

  private static final String[] JSON = {"Content-Type", "application/json"};

  private final Hub hub;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();

  private RunningHub(Hub hub) {
    this.hub = hub;
  }

  /** Starts a hub as the command line does, but on free ports where the flags name none. */
  static RunningHub on(Path data, String... flags) throws HubStartException {
    return new RunningHub(Hub.start(config(data, flags)));
  }

  /** What the command line makes of flags, with free ports where they name none. */
  static HubConfig config(Path data, String... flags) {
    List<String> all = new ArrayList<>();
    all.add("--data=" + data);
    all.addAll(
        List.of("--http-port=0", "--bus-pub-port=0", "--bus-sub-port=0", "--eventgrid-port=0"));
    all.addAll(List.of(flags));
    HubCommand command = new HubCommand();
    new CommandLine(command)
        .setOverwrittenOptionsAllowed(true)
        .setDefaultValueProvider(new EnvironmentVariables(name -> null))
        .parseArgs(all.toArray(String[]::new));
    return command.config();
  }

  Hub hub() {
    return hub;
  }

  URI at(String path) {
    return hub.http().resolve(path);
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(HttpRequest.newBuilder(at(path)), headers);
  }

  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
    return send("POST", path, body, headers);
  }

  HttpResponse<String> put(String path, String body, String... headers) throws Exception {
    return put(path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  HttpResponse<String> put(String path, byte[] body, String... headers) throws Exception {
    return send("PUT", path, body, headers);
  }

  CompletableFuture<Integer> putAsync(String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(at(path))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .PUT(BodyPublishers.ofString(body))
            .build();
    return client.sendAsync(request, BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
  }

  HttpResponse<String> delete(String path) throws Exception {
    return send(HttpRequest.newBuilder(at(path)).DELETE());
  }

  private HttpResponse<String> send(String method, String path, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(path)).method(method, BodyPublishers.ofByteArray(body));
    return send(request, headers.length > 0 ? headers : JSON);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
      throws Exception {
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
  }

  static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(body);
    }
    return zipped.toByteArray();
  }

  /** An answer that refuses a request of another than conversation analytics, fit for a person. */
  static void assertProblem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("\"detail\":\"").doesNotContain("Exception", "\tat ");
  }

  JsonNode json(HttpResponse<String> response) throws IOException {
    return mapper.readTree(response.body());
  }

  Socket socket() throws IOException {
    Socket socket = new Socket(hub.http().getHost(), hub.http().getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  @Override
  public void close() {
    hub.close();
  }
}
