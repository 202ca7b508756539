/**
 * A client of ZeroMQ event buses: {@link dev.carillon.eventbus.EventBusClient} publishes and
 * receives typed events as JSON through an XSUB/XPUB proxy, beside clients in other languages.
 */
@NullMarked
package dev.carillon.eventbus;

import org.jspecify.annotations.NullMarked;
