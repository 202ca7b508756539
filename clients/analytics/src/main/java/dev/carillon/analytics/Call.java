package dev.carillon.analytics;

/** One request as the service's protocol has it, before it becomes HTTP. Immutable. */
final class Call {

  private static final byte[] NOTHING = {};
  private static final int SMALL_ANSWER = 1 << 20;
  private static final int LARGE_ANSWER = 64 << 20;

  private final String method;
  private final String path;
  private final byte[] body;
  private final boolean compressed;
  private final int maxAnswerBytes;

  private Call(String method, String path, byte[] body, boolean compressed, int maxAnswerBytes) {
    this.method = method;
    this.path = path;
    this.body = body;
    this.compressed = compressed;
    this.maxAnswerBytes = maxAnswerBytes;
  }

  static Call post(String path, byte[] body) {
    return new Call("POST", path, body, false, SMALL_ANSWER);
  }

  /** A post whose body is still to come. */
  static Call post(String path) {
    return post(path, NOTHING);
  }

  static Call put(String path, byte[] body) {
    return new Call("PUT", path, body, false, SMALL_ANSWER);
  }

  static Call delete(String path) {
    return new Call("DELETE", path, NOTHING, false, SMALL_ANSWER);
  }

  static Call get(String path) {
    return new Call("GET", path, NOTHING, false, LARGE_ANSWER);
  }

  /** The same request with another form of its body. */
  Call withBody(byte[] otherBody, boolean isCompressed) {
    return new Call(method, path, otherBody, isCompressed, maxAnswerBytes);
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

  int maxAnswerBytes() {
    return maxAnswerBytes;
  }
}
