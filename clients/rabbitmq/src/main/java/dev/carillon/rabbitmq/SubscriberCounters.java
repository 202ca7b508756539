package dev.carillon.rabbitmq;

import java.util.concurrent.atomic.LongAdder;

/** What all subscriptions of a subscriber count together. Thread-safe. */
final class SubscriberCounters {

  final LongAdder handled = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder skipped = new LongAdder();
  final LongAdder deadLettered = new LongAdder();

  SubscriberStats stats() {
    return new SubscriberStats(
        handled.sum(), failed.sum(), duplicates.sum(), skipped.sum(), deadLettered.sum());
  }
}
