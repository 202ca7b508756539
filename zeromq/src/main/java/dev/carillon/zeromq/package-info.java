/**
 * What a client and a proxy of the event bus have in common: topics on the wire ({@link
 * dev.carillon.zeromq.WireTopics}), answers for each event ({@link
 * dev.carillon.zeromq.AckProtocol}), compressed payloads ({@link dev.carillon.zeromq.Gzip}), files
 * with CURVE keys ({@link dev.carillon.zeromq.KeyFile}), how peers that are gone are found ({@link
 * dev.carillon.zeromq.Heartbeat}), and how a thread that polls sockets is woken ({@link
 * dev.carillon.zeromq.WakeUp}).
 */
@NullMarked
package dev.carillon.zeromq;

import org.jspecify.annotations.NullMarked;
