package dev.carillon.formats;

import io.cloudevents.CloudEvent;
import java.io.IOException;

/** One way to write an event as bytes, and to read it again. Thread-safe. */
interface Codec {

  /** How deep data may be nested. */
  int MAX_DEPTH = 500;

  byte[] write(CloudEvent event) throws IOException;

  CloudEvent read(byte[] bytes) throws IOException;
}
