package dev.carillon.hub.server;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object of the Data Services, found whatever their naming: {@code
 * created_date_utc}, {@code createdDateUtc}, {@code CreatedDateUtc}. Thread-safe.
 */
final class FieldNames {

  /** Longer than any known member in any naming, as far as somebody means one by it. */
  private static final int LONGEST = 64;

  private final Map<String, String> known = new HashMap<>();

  /** Knows these members, given in snake case. */
  FieldNames(String... names) {
    for (String name : names) {
      known.put(name, name);
      known.put(folded(name), name);
    }
  }

  /** The member's name in snake case; null if there is no such member. */
  @Nullable String find(String name) {
    String found = known.get(name);
    return found != null || name.length() > LONGEST ? found : known.get(folded(name));
  }

  private static String folded(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }
}
