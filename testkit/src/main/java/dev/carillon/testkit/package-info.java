/**
 * Contract kits for transports, and the means to give them bad days.
 *
 * <p>To hold a transport to its contract, write a {@link dev.carillon.testkit.SinkPeer} for its
 * other end and extend {@link dev.carillon.testkit.EventSinkContract}; with a {@link
 * dev.carillon.testkit.RemotePeer}, whose other end can go down and come back, extend {@link
 * dev.carillon.testkit.RemoteSinkContract} instead. The same goes for sources with {@link
 * dev.carillon.testkit.SourcePeer} and {@link dev.carillon.testkit.EventSourceContract}.
 */
@NullMarked
package dev.carillon.testkit;

import org.jspecify.annotations.NullMarked;
