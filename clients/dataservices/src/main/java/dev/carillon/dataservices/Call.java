package dev.carillon.dataservices;

import org.jspecify.annotations.Nullable;

/** One request as the service's protocol has it, before it becomes HTTP. Immutable. */
final class Call {

  static final String EVENTS = "/api/v2.0/EventService";
  static final String BATCH = EVENTS + "/batch";
  static final String SERVER_TIME = EVENTS + "/ServerTime";
  static final String QUERY = "/api/v2.0/QueryService/Events";

  private static final byte[] NOTHING = {};
  private static final int SMALL_ANSWER = 1 << 20;
  private static final int LARGE_ANSWER = 64 << 20;

  /** One for each event of a request, with what is wrong with it. */
  private static final int OUTCOMES = 32 << 20;

  private final String method;
  private final String path;
  private final byte[] body;
  private final boolean compressed;
  private final @Nullable String traceparent;
  private final int maxAnswerBytes;

  private Call(
      String method,
      String path,
      byte[] body,
      boolean compressed,
      @Nullable String traceparent,
      int maxAnswerBytes) {
    this.method = method;
    this.path = path;
    this.body = body;
    this.compressed = compressed;
    this.traceparent = traceparent;
    this.maxAnswerBytes = maxAnswerBytes;
  }

  static Call publish(byte[] body, @Nullable String traceparent) {
    return new Call("POST", EVENTS, body, false, traceparent, SMALL_ANSWER);
  }

  static Call publishBatch(byte[] body, @Nullable String traceparent) {
    return new Call("POST", BATCH, body, false, traceparent, OUTCOMES);
  }

  static Call query(String path, byte[] body) {
    return new Call("POST", path, body, false, null, LARGE_ANSWER);
  }

  static Call get(String path) {
    return new Call("GET", path, NOTHING, false, null, SMALL_ANSWER);
  }

  static Call getLarge(String path) {
    return new Call("GET", path, NOTHING, false, null, LARGE_ANSWER);
  }

  /** The same request with another form of its body. */
  Call withBody(byte[] otherBody, boolean isCompressed) {
    return new Call(method, path, otherBody, isCompressed, traceparent, maxAnswerBytes);
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  byte[] body() {
    return body;
  }

  boolean isCompressed() {
    return compressed;
  }

  @Nullable String traceparent() {
    return traceparent;
  }

  int maxAnswerBytes() {
    return maxAnswerBytes;
  }

  /** Whether the answer may be worth compressing. */
  boolean wantsCompressedAnswer() {
    return maxAnswerBytes == LARGE_ANSWER;
  }
}
