package dev.carillon.eventbus;

/**
 * A client's figures since it was made.
 *
 * @param state how it stands with its proxy
 * @param reconnects how many times it found the proxy again
 * @param sent events handed to the network
 * @param sentBytes their topics and payloads, as sent
 * @param compressed how many of them were sent compressed
 * @param confirmed how many of them the proxy is known to have taken
 * @param inDoubt events that were handed to the network when the connection broke, and that the
 *     proxy is not known to have taken: so many may be lost, none beyond
 * @param acknowledged events whose receipt came over the acknowledging port
 * @param failed events that were not acknowledged, or refused there
 * @param expired events that waited longer than the send timeout
 * @param droppedSending events for which the send queue had no room
 * @param waitingToSend events in the send queue now
 * @param received events of the topics subscribed
 * @param receivedBytes their topics and payloads, as received
 * @param malformed messages that are no events: not two frames, not the event class, an unknown
 *     type. They are skipped
 * @param droppedReceiving events for which a receive queue had no room, or that still waited in it
 *     when the subscription of a source was closed
 * @param waitingToReceive events in the receive queues now
 * @param callbackFailures callbacks that threw
 */
public record BusMetrics(
    ConnectionState state,
    long reconnects,
    long sent,
    long sentBytes,
    long compressed,
    long confirmed,
    long inDoubt,
    long acknowledged,
    long failed,
    long expired,
    long droppedSending,
    long waitingToSend,
    long received,
    long receivedBytes,
    long malformed,
    long droppedReceiving,
    long waitingToReceive,
    long callbackFailures) {}
