package dev.carillon.hub.bus;

import java.util.Map;
import java.util.SortedSet;

/**
 * What a proxy has done since it started.
 *
 * @param messages events that came in
 * @param bytes their topics and payloads as they came in
 * @param overflows how many times a subscriber was found with a full queue. That subscriber gets
 *     nothing until it has taken half of its queue, so each stands for at least one event that one
 *     subscriber lost; always 0 with no-drop
 * @param holds how many times everything waited for a subscriber or the recorder; always 0 without
 *     no-drop
 * @param recorded events that the recorder took
 * @param unrecorded events that the recorder had no room for; always 0 with no-drop
 * @param malformed messages that are no events: not two frames, a topic that is not UTF-8, a
 *     payload that cannot be inflated. They pass, where they can, and are not recorded
 * @param acknowledged events that were answered as taken over the acknowledging channel
 * @param refused events that were answered with a refusal there
 * @param subscriptions the topics that have at least one subscriber; an empty one stands for all
 * @param refusedSubscriptions wishes of subscribers that had no effect, beyond what is kept of one
 *     of them, or of all
 * @param topics what came in by topic, for the first 10,000 topics
 */
public record BusStatistics(
    long messages,
    long bytes,
    long overflows,
    long holds,
    long recorded,
    long unrecorded,
    long malformed,
    long acknowledged,
    long refused,
    SortedSet<String> subscriptions,
    long refusedSubscriptions,
    Map<String, Traffic> topics) {

  /**
   * What came in on one topic.
   *
   * @param messages events
   * @param bytes their topics and payloads
   */
  public record Traffic(long messages, long bytes) {}
}
