package dev.carillon.hub.store;

/**
 * Figures of an event log since it was opened, for metrics.
 *
 * @param appended events made durable
 * @param duplicates events that were there already
 * @param pending events accepted and not yet readable
 * @param pendingBytes their size
 * @param syncs how many times the journal was synced
 * @param syncNanos the time that took altogether
 * @param fills how many batches were made readable
 * @param filled events in those batches
 * @param deadLetters events set aside because the store would not take them
 * @param expired events removed because they had been there for long enough
 * @param sizeBytes what the log holds on disk now
 */
public record LogStats(
    long appended,
    long duplicates,
    long pending,
    long pendingBytes,
    long syncs,
    long syncNanos,
    long fills,
    long filled,
    long deadLetters,
    long expired,
    long sizeBytes) {}
