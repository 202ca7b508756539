package dev.carillon.eventbus;

import dev.carillon.core.Receipt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way out.
 *
 * @param id the event's id, for its receipt
 * @param wireId under which an answer to it comes; no other message's
 * @param compressed the payload in less room; null if it is not to be compressed
 * @param receipt completed when it is known how far it got; null if nobody waits
 * @param deadline until when it may wait, by {@code System.nanoTime}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Outgoing(
    String id,
    String wireId,
    byte[] topic,
    byte[] payload,
    byte @Nullable [] compressed,
    @Nullable CompletableFuture<Receipt> receipt,
    long deadline)
    implements Weighed {

  @Override
  public int bytes() {
    return topic.length + payload.length + (compressed == null ? 0 : compressed.length);
  }

  boolean isExpired(long now) {
    return now - deadline > 0;
  }
}
