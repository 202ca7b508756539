package dev.carillon.analytics;

import java.io.IOException;

/** An operation's JSON, in memory or on disk. */
interface Payload {

  /**
   * The JSON.
   *
   * @throws LostPayloadException if it will never be read; after another failure it may be
   */
  byte[] bytes() throws IOException;
}
