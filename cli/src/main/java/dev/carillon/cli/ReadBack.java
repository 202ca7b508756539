package dev.carillon.cli;

import java.util.List;
import java.util.Map;

/**
 * What a reader of the hub found.
 *
 * @param counts how often each id was found
 */
record ReadBack(Map<String, Long> counts) {

  long found(List<String> ids) {
    return ids.stream().filter(counts::containsKey).count();
  }

  long duplicates(List<String> ids) {
    return ids.stream().mapToLong(id -> Math.max(0, counts.getOrDefault(id, 0L) - 1)).sum();
  }
}
