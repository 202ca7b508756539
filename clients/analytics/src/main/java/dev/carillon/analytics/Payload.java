package dev.carillon.analytics;

import java.io.IOException;

/** An operation's JSON, in memory or on disk. */
interface Payload {
  byte[] bytes() throws IOException;
}
