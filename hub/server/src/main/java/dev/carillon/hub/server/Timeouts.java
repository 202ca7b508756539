package dev.carillon.hub.server;

import java.time.Duration;

/**
 * How long the hub waits for those who talk to it.
 *
 * @param body how long a request's body may take to arrive
 * @param answer how long a reader may take for an answer that may be large
 */
record Timeouts(Duration body, Duration answer) {

  static final int BODY_SECONDS = 10;
  static final int ANSWER_SECONDS = 60;
}
