package dev.carillon.hub.store;

import java.util.Set;

/** Some operations are larger than a log takes; those that were appended with them are durable. */
public final class OperationsTooLargeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Set<Operation> operations;

  /** Says why, and which; at least one. */
  public OperationsTooLargeException(String message, Set<Operation> operations) {
    super(message);
    this.operations = Set.copyOf(operations);
  }

  /** The operations that are too large. */
  public Set<Operation> operations() {
    return operations;
  }
}
