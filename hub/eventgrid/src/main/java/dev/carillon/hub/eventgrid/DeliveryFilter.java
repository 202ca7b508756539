package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.hub.eventgrid.SubscriptionRequest.FilterRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which events a subscription wants: those that pass every part.
 *
 * @param prefix what the subject begins with; empty for anything
 * @param suffix what the subject ends with; empty for anything
 * @param caseSensitive whether case counts in both
 * @param types the event types, whose case does not count; none for all
 * @param advanced conditions on any member
 */
record DeliveryFilter(
    String prefix,
    String suffix,
    boolean caseSensitive,
    SortedSet<String> types,
    List<AdvancedFilter> advanced) {

  // Azure's bounds; each event is held against each value.
  private static final int MOST_ADVANCED = 25;
  private static final int MOST_VALUES = 25;

  private static final int MOST_TYPES = 100; // Azure tells no bound of these

  /** Checks what was asked for; throws an IllegalArgumentException naming what is wrong. */
  static DeliveryFilter of(@Nullable FilterRequest request) {
    if (request == null) {
      return new DeliveryFilter("", "", false, types(List.of()), List.of());
    }
    List<AdvancedFilter> advanced = present("filter.advancedFilters", request.advancedFilters());
    if (advanced.size() > MOST_ADVANCED) {
      throw new IllegalArgumentException("advancedFilters are more than " + MOST_ADVANCED);
    }
    int values = 0;
    for (int i = 0; i < advanced.size(); i++) {
      String wrong = advanced.get(i).wrong();
      values += advanced.get(i).wanted().size();
      if (wrong == null && values > MOST_VALUES) {
        wrong = "the filters hold more than " + MOST_VALUES + " values";
      }
      if (wrong != null) {
        throw new IllegalArgumentException("filter.advancedFilters[" + i + "]: " + wrong);
      }
    }
    boolean caseSensitive = request.isSubjectCaseSensitive();
    return new DeliveryFilter(
        cased(request.subjectBeginsWith(), caseSensitive),
        cased(request.subjectEndsWith(), caseSensitive),
        caseSensitive,
        types(present("filter.includedEventTypes", request.includedEventTypes())),
        advanced);
  }

  private static SortedSet<String> types(List<String> given) {
    if (given.size() > MOST_TYPES) {
      throw new IllegalArgumentException("filter.includedEventTypes are more than " + MOST_TYPES);
    }
    SortedSet<String> types = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    types.addAll(given);
    return Collections.unmodifiableSortedSet(types);
  }

  private static <T> List<T> present(String field, @Nullable List<T> given) {
    if (given == null) {
      return List.of();
    }
    if (given.contains(null)) {
      throw new IllegalArgumentException(field + " holds a null");
    }
    return List.copyOf(given);
  }

  /**
   * Whether an event passes.
   *
   * @param event as it would be delivered, which is what keys refer to
   */
  boolean matches(String type, @Nullable String subject, JsonNode event) {
    String about = cased(subject, caseSensitive);
    return (types.isEmpty() || types.contains(type))
        && about.startsWith(prefix)
        && about.endsWith(suffix)
        && advanced.stream().allMatch(filter -> filter.matches(event));
  }

  private static String cased(@Nullable String text, boolean caseSensitive) {
    String known = text == null ? "" : text;
    return caseSensitive ? known : known.toLowerCase(Locale.ROOT);
  }
}
