package dev.carillon.hub.store;

import java.util.List;

/**
 * Operations of one source, in its order, that are brought into a store together.
 *
 * @param source what their positions count in: {@code journal}, or a topic and its partition
 * @param operations the operations with their positions, which grow; may be empty
 * @param last the position that the source is read up to with this batch
 */
public record Batch(String source, List<Placed> operations, long last) {

  /** An operation with its position in its source. */
  public record Placed(long position, Operation operation) {}
}
