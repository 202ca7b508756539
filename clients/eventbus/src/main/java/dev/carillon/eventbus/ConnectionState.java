package dev.carillon.eventbus;

/** How a client stands with its proxy. */
public enum ConnectionState {
  /** {@code connect} was not called yet. */
  NEW,
  /** Looking for the proxy for the first time. */
  CONNECTING,
  /** Subscriptions are in force, and what is published gets to the proxy. */
  CONNECTED,
  /** The proxy was there and is gone; the client goes on looking for it. */
  RECONNECTING,
  /**
   * The proxy is there and will not have this client, mostly for a wrong key. The client tries
   * again, at the longest interval.
   */
  REFUSED,
  /** {@code close} was called. */
  CLOSED
}
