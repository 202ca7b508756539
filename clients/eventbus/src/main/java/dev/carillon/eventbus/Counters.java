package dev.carillon.eventbus;

import java.util.concurrent.atomic.LongAdder;

/** What a client counts. Thread-safe. */
final class Counters {
  final LongAdder reconnects = new LongAdder();
  final LongAdder sent = new LongAdder();
  final LongAdder sentBytes = new LongAdder();
  final LongAdder compressed = new LongAdder();
  final LongAdder confirmed = new LongAdder();
  final LongAdder inDoubt = new LongAdder();
  final LongAdder acknowledged = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder expired = new LongAdder();
  final LongAdder droppedSending = new LongAdder();
  final LongAdder received = new LongAdder();
  final LongAdder receivedBytes = new LongAdder();
  final LongAdder malformed = new LongAdder();
  final LongAdder droppedReceiving = new LongAdder();
  final LongAdder callbackFailures = new LongAdder();

  BusMetrics snapshot(ConnectionState state, long waitingToSend, long waitingToReceive) {
    return new BusMetrics(
        state,
        reconnects.sum(),
        sent.sum(),
        sentBytes.sum(),
        compressed.sum(),
        confirmed.sum(),
        inDoubt.sum(),
        acknowledged.sum(),
        failed.sum(),
        expired.sum(),
        droppedSending.sum(),
        waitingToSend,
        received.sum(),
        receivedBytes.sum(),
        malformed.sum(),
        droppedReceiving.sum(),
        waitingToReceive,
        callbackFailures.sum());
  }
}
